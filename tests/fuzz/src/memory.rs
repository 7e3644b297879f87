//! An allocator that refuses what no reader should need for so small an input.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
};

/// As much memory may be asked for while one input is read, which has 64 KiB at most. The most that is known is room for
/// all the cells that a sheet of an `.xls` can have, of which only those are used that are there.
const MOST: usize = 1 << 30;

/// The system's allocator with an end.
pub struct Bounded;

static USED: AtomicUsize = AtomicUsize::new(0);
static IS_BOUNDED: AtomicBool = AtomicBool::new(false);

/// From here on memory is bounded.
pub fn begin() {
    IS_BOUNDED.store(true, Ordering::Relaxed);
}

/// From here on it is not: the fuzzer's own needs are none of a reader's.
pub fn end() {
    IS_BOUNDED.store(false, Ordering::Relaxed);
}

fn is_too_much(more: usize) -> bool {
    IS_BOUNDED.load(Ordering::Relaxed) && USED.load(Ordering::Relaxed).saturating_add(more) > MOST
}

// SAFETY: everything is the system allocator's work; a null pointer says that there is no memory, which ends the
// process with a message of its own.
unsafe impl GlobalAlloc for Bounded {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if is_too_much(layout.size()) {
            return std::ptr::null_mut();
        }
        USED.fetch_add(layout.size(), Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if is_too_much(layout.size()) {
            return std::ptr::null_mut();
        }
        USED.fetch_add(layout.size(), Ordering::Relaxed);
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if is_too_much(size.saturating_sub(layout.size())) {
            return std::ptr::null_mut();
        }
        USED.fetch_add(size, Ordering::Relaxed);
        USED.fetch_sub(layout.size(), Ordering::Relaxed);
        unsafe { System.realloc(pointer, layout, size) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        USED.fetch_sub(layout.size(), Ordering::Relaxed);
        unsafe { System.dealloc(pointer, layout) }
    }
}
