//! `refugia sample`: an invented pack that the other commands take as their own.

use crate::harness::Workspace;

#[test]
fn a_sample_is_written_checked_and_left_alone() {
    let space = Workspace::new();
    let output = space.run("sample --scale county --out province").exits(0);
    assert!(output.contains("province is a pack of 10 layers"), "{output}");
    let table = space.run("check province").exits(0);
    assert!(table.contains("flood") && table.contains("250"), "{table}");
    let before = space.files("province");
    let again = space.run("sample --scale county --out province").exits(1);
    assert!(again.contains("province is not empty"), "{again}");
    assert_eq!(space.files("province"), before);
    space.run("sample --scale county --out twin").exits(0);
    assert_eq!(space.files("twin"), before, "the same seed gives the same bytes");
}
