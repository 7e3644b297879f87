//! The contraction orders in a network file, a section for each mode.

use std::{path::Path, sync::Arc};

use super::{
    super::{Mode, Order, Orders, Router},
    FileError, SectionReader, SectionWriter, read_network,
};

fn section(mode: Mode) -> String {
    format!("order.{mode}")
}

/// Adds the orders to a file, after its network.
///
/// # Errors
/// The file cannot be written.
pub fn write_orders(orders: &Orders, file: &mut SectionWriter) -> Result<(), FileError> {
    for mode in Mode::ALL {
        file.add(&section(mode), &orders[mode.index()].to_bytes())?;
    }
    Ok(())
}

fn read_order(file: &mut SectionReader, mode: Mode) -> Result<Order, FileError> {
    let name = section(mode);
    let bytes = file.read(&name)?;
    Order::from_bytes(&bytes).map_err(|error| file.corrupt(&name, &error.to_string()))
}

impl Router {
    /// Reads a network file with its orders and makes it ready for searching; with the hash that stands for all that is
    /// in it. A second or two for a province.
    ///
    /// # Errors
    /// The file cannot be read, is of another version, cut or corrupt, or its orders are not of its network.
    pub fn open(path: &Path) -> Result<(Self, u64), FileError> {
        let mut file = SectionReader::open(path)?;
        let network = read_network(&mut file)?;
        let [car, truck, foot] = Mode::ALL;
        let orders = [
            read_order(&mut file, car)?,
            read_order(&mut file, truck)?,
            read_order(&mut file, foot)?,
        ];
        let router = Self::build(Arc::new(network), &orders);
        let router = router.map_err(|error| file.corrupt("order", &error.to_string()))?;
        Ok((router, file.hash()))
    }
}
