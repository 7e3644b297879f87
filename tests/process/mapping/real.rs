//! Real files get the meanings that people would give them.

use super::report;
use crate::harness::{Workspace, real_data};

#[test]
fn real_files_get_the_meanings_that_people_would_give_them() {
    let gsi = "name=施設・場所名 id=共通ID address=住所";
    let flags = "suits.flood=洪水 suits.waterlogging=内水氾濫 suits.landslide=崖崩れ、土石流及び地滑り \
                 suits.debris_flow=崖崩れ、土石流及び地滑り suits.storm_surge=高潮 suits.tsunami=津波 suits.earthquake=地震";
    for (file, role, expected) in [
        (
            "shelters/jp_emergency.geojsonl.gz",
            "shelter",
            format!("{gsi} admin_code=団体コード {flags}"),
        ),
        (
            "shelters/jp_evacuation.geojsonl.gz",
            "shelter",
            format!("{gsi} admin_code=団体コード"),
        ),
        (
            "shelters/jp_sasebo_gsi_raw_emergency.geojson",
            "shelter",
            format!("{gsi} {flags}"),
        ),
        (
            "shelters/jp_fukuoka_shelters.geojson",
            "shelter",
            "name=name id=uid address=address".to_owned(),
        ),
        (
            "shelters/tw_taipei_designated_shelters.geojson",
            "shelter",
            "name=名稱 capacity=容納人數".to_owned(),
        ),
        (
            "shelters/cn_four_cities_gcj02.csv",
            "shelter",
            "lon=lon lat=lat id=sid".to_owned(),
        ),
        (
            "fj_boundaries_gcj02.geojson",
            "admin_area",
            "name=name admin_code=adcode level=level".to_owned(),
        ),
        (
            "hazards/puerto_princesa_barangays.geojson",
            "admin_area",
            "name=BRGY_NAME id=ID".to_owned(),
        ),
    ] {
        let Some(path) = real_data(file) else { return };
        let space = Workspace::new();
        let path = path.to_str().unwrap();
        space.run(&format!(
            "import --dry-run --region pack --layer l --role {role} --datum gcj02 --report report.json {path}"
        ));
        let report = report(&space);
        let proposed = report["mapping"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|one| one["how"] == "proposed");
        let proposed: Vec<String> = proposed
            .map(|one| {
                format!(
                    "{}={}",
                    one["meaning"].as_str().unwrap(),
                    one["column"].as_str().unwrap()
                )
            })
            .collect();
        assert_eq!(proposed.join(" "), expected, "{file}");
    }
}

#[test]
fn real_hazard_layers_are_asked_about_their_levels() {
    for (file, advice) in [
        (
            "taipei_work_soil_liquefaction",
            "低潛勢 < 中潛勢 < 高潛勢: --level-from 'class'",
        ),
        ("taipei_patrol_debrisarea", "--level-from 'risk' --levels '"),
        (
            "puerto_princesa_landslide",
            "LL < ML < HL < VHL: --level-from 'LndslideSu'",
        ),
    ] {
        let Some(path) = real_data(&format!("hazards/{file}.geojson")) else {
            return;
        };
        let path = path.to_str().unwrap();
        let import = "import --dry-run --region pack --layer l --role hazard_zone --hazard landslide";
        let output = Workspace::new().run(&format!("{import} {path}")).exits(4);
        assert!(output.contains(advice), "{file}: {output}");
    }
}
