//! Names of columns: made whole and different, and the ones that registers use for positions.

use unicode_normalization::UnicodeNormalization;

use crate::catalog::readers::Columns;

/// Names of the columns of longitude and latitude, lower case, best first. A pair is taken from one family, so that
/// degrees are never paired with metres.
pub(super) const FAMILIES: [(&[&str], &[&str]); 2] = [
    (
        &[
            "经度",
            "經度",
            "経度",
            "lon",
            "lng",
            "long",
            "longitude",
            "东经",
            "東經",
            "東経",
            "经度坐标",
            "經度座標",
            "地理经度",
            "wgs84经度",
            "lon_wgs84",
            "lng_wgs84",
            "wgs84_lon",
            "wgs84_lng",
            "gcj02_lng",
            "bd_lng",
            "lon_deg",
            "longitude_deg",
        ],
        &[
            "纬度",
            "緯度",
            "lat",
            "latitude",
            "北纬",
            "北緯",
            "纬度坐标",
            "緯度座標",
            "地理纬度",
            "wgs84纬度",
            "lat_wgs84",
            "wgs84_lat",
            "gcj02_lat",
            "bd_lat",
            "lat_deg",
            "latitude_deg",
        ],
    ),
    (
        &[
            "x",
            "x坐标",
            "x座標",
            "坐标x",
            "座標x",
            "横坐标",
            "橫座標",
            "point_x",
            "x_coord",
            "coord_x",
            "xcoord",
            "easting",
            "twd97x",
            "twd97_x",
        ],
        &[
            "y",
            "y坐标",
            "y座標",
            "坐标y",
            "座標y",
            "纵坐标",
            "縱座標",
            "point_y",
            "y_coord",
            "coord_y",
            "ycoord",
            "northing",
            "twd97y",
            "twd97_y",
        ],
    ),
];

/// Names of a column with both numbers, the longitude first where the text cannot tell.
pub(super) const LON_LAT: &[&str] = &[
    "经纬度",
    "經緯度",
    "lonlat",
    "lnglat",
    "lon,lat",
    "lng,lat",
    "lon_lat",
    "x,y",
];
/// The same, the latitude first.
pub(super) const LAT_LON: &[&str] = &[
    "纬经度",
    "緯經度",
    "緯度経度",
    "緯度,経度",
    "latlon",
    "latlng",
    "lat,lon",
    "lat,lng",
];
/// Names that do not tell.
pub(super) const EITHER: &[&str] = &[
    "坐标",
    "座標",
    "经纬度坐标",
    "地理坐标",
    "位置坐标",
    "location",
    "position",
    "coordinates",
    "coordinate",
    "coords",
    "緯度経度座標",
];
/// Names of a column with a geometry in well-known text.
pub(super) const GEOMETRY: &[&str] = &[
    "wkt",
    "wkt_geom",
    "geometry",
    "geom",
    "the_geom",
    "shape",
    "几何",
    "geometry_wkt",
    "geom_wkt",
];

/// A name for comparing: full-width letters plain, lower case, without blanks and what stands in brackets behind it.
pub(super) fn folded(name: &str) -> String {
    let plain: String = name.nfkc().filter(|c| !c.is_whitespace()).collect();
    let plain = plain.to_lowercase();
    match plain.find(['(', '[', '【']) {
        Some(at) if at > 0 => plain[..at].to_owned(),
        _ => plain,
    }
}

/// The names of a header row without white space around them; blank ones and repeated ones get their number, blank ones
/// at the end are left off.
pub(super) fn unique<'n>(header: impl Iterator<Item = &'n str>) -> Vec<String> {
    let mut columns = Columns::default();
    let mut last = 0;
    for (index, name) in header.enumerate() {
        // A line end inside a header cell is only layout.
        let words: Vec<&str> = name.split_whitespace().collect();
        columns.add(&words.join(" "));
        if !words.is_empty() {
            last = index + 1;
        }
    }
    columns.names.truncate(last);
    columns.names
}

/// Names for so many columns without any.
pub(super) fn numbered(count: usize) -> Vec<String> {
    let mut columns = Columns::default();
    (0..count).for_each(|_| columns.add(""));
    columns.names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_cells_become_names_that_are_whole_and_different() {
        let header = ["名称", " a\nb ", "", "名称", "column_3", "a b", "", " "];
        let names = ["名称", "a b", "column_3", "名称_4", "column_3_5", "a b_6"];
        assert_eq!(unique(header.into_iter()), names);
        assert_eq!(unique(["", " "].into_iter()), Vec::<String>::new());
        assert_eq!(numbered(2), ["column_1", "column_2"]);
    }
}
