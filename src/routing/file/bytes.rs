//! Columns as little-endian bytes.

/// A number of fixed size.
pub(super) trait Number: Copy {
    /// Bytes of one.
    const SIZE: usize;
    fn put(self, bytes: &mut Vec<u8>);
    /// From exactly [`Self::SIZE`] bytes.
    fn take(bytes: &[u8]) -> Self;
}

macro_rules! number {
    ($($number:ty),*) => {$(
        impl Number for $number {
            const SIZE: usize = size_of::<Self>();

            fn put(self, bytes: &mut Vec<u8>) {
                bytes.extend_from_slice(&self.to_le_bytes());
            }

            fn take(bytes: &[u8]) -> Self {
                let mut own = [0; size_of::<Self>()];
                own.copy_from_slice(bytes);
                Self::from_le_bytes(own)
            }
        }
    )*};
}

number!(u8, i8, u32, i32, u64, i64);

/// All numbers, one behind the other.
pub(super) fn to_bytes<N: Number>(numbers: impl IntoIterator<Item = N>) -> Vec<u8> {
    let numbers = numbers.into_iter();
    let mut bytes = Vec::with_capacity(N::SIZE * numbers.size_hint().0);
    for number in numbers {
        number.put(&mut bytes);
    }
    bytes
}

/// The numbers of some bytes; `None` where bytes are left over.
pub(super) fn from_bytes<N: Number>(bytes: &[u8]) -> Option<Vec<N>> {
    let chunks = bytes.chunks_exact(N::SIZE);
    chunks.remainder().is_empty().then(|| chunks.map(N::take).collect())
}
