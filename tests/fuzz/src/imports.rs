//! Whole imports: what becomes of cells, and mapping files.

use geo::CoordsIter;
use refugia::{
    catalog::{
        HazardKind, Role,
        readers::{self, Format, Hints, Input, Progress},
    },
    import::{HazardJob, Job, Metadata},
};

use crate::{
    reading::{assert_tells, tell},
    scratch,
};

/// The columns that shelter registers have.
const SHELTERS: &str =
    "编号|名称|经度|纬度|容纳人数|面积|适用灾种|配套设施|建成日期|联系电话|行政区划代码|状态|类型|地址\n";
/// Those of a hazard layer.
const ZONES: &str = "编号|风险等级|wkt\n";

/// A table whose first byte chooses the layer; the rest is rows.
pub fn cells(data: &[u8]) {
    let Some((first, rows)) = data.split_first() else {
        return;
    };
    let (role, header) = match first % 4 {
        0 | 1 => (Role::Shelter, SHELTERS),
        2 => (Role::HazardZone, ZONES),
        _ => (Role::Facility, SHELTERS),
    };
    let content = [header.as_bytes(), rows].concat();
    run(&job("cells.csv", &content, role));
}

/// A mapping file, for a table of two shelters.
pub fn mapping(data: &[u8]) {
    let rows = "a|一|119.3|26.1|100|20|洪水、地震|厕所|2019-05-01|0591-87654321|350102|正常|学校|x\n\
                b|二|119.4|26.2|约2万人|1.5万㎡|台风|无|2020年|-|350103|停用|公园|y\n";
    let content = [SHELTERS.as_bytes(), rows.as_bytes()].concat();
    let mut job = job("mapped.csv", &content, Role::Shelter);
    job.mapping = Some(scratch::file("mapping.toml", data));
    run(&job);
}

fn job(name: &str, content: &[u8], role: Role) -> Job {
    Job {
        input: scratch::file(name, content),
        region: scratch::path("pack"),
        layer: "layer".parse().expect("an id"),
        role,
        hazard: (role == Role::HazardZone).then(|| HazardJob {
            kind: HazardKind::Flood,
            level_from: Some("风险等级".to_owned()),
            levels: Vec::new(),
            unsafe_from: None,
        }),
        metadata: Metadata::default(),
        crs: Some("wgs84".parse().expect("a system")),
        format: Some(Format::Csv),
        table: None,
        encoding: Some("utf-8".to_owned()),
        no_header: false,
        map: Vec::new(),
        mapping: None,
        replace: false,
        accept: true,
        dry_run: true,
        time_zone: "Asia/Shanghai".to_owned(),
    }
}

/// Prepares an import; what it would put into the pack must be as its report says.
fn run(job: &Job) {
    let prepared = match job.prepare(&Progress::default()) {
        Ok(prepared) => prepared,
        Err(error) => {
            tell(&|| error.to_string());
            return assert_tells(&error.to_string());
        }
    };
    let report = prepared.report();
    tell(&|| format!("{} rows, {} kept", report.read, report.kept));
    assert_eq!(report.read, report.kept + report.refused);
    let input = Input::new(prepared.staged(), Progress::default());
    let (_, source) = readers::open(input, &Hints::default()).expect("a layer file opens");
    let mut kept = 0;
    let read = source.read(&mut |_, row| {
        kept += 1;
        let feature = row
            .content
            .unwrap_or_else(|problem| panic!("row {}: {problem:?}", row.number));
        let geometry = feature.geometry.expect("a feature of a layer has a geometry");
        for coord in geometry.coords_iter() {
            assert!((-180.0..=180.0).contains(&coord.x), "{coord:?}");
            assert!((-90.0..=90.0).contains(&coord.y), "{coord:?}");
        }
    });
    read.expect("a layer file is read");
    assert_eq!(kept, report.kept);
    scratch::check_that_nothing_is_left();
}
