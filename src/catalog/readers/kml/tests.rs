//! Documents as people and programs write them.

use geo_types::{Geometry, line_string, point, polygon};
use proptest::prelude::*;

use super::super::{
    DeclaredCrs, Format, ReadError,
    tests::{Told, flipped, read_bytes},
};
use super::{declared_encoding, root};

fn document(placemarks: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<kml xmlns=\"http://www.opengis.net/kml/2.2\" \
         xmlns:gx=\"http://www.google.com/kml/ext/2.2\">\n<Document>\n<name>all</name>\n{placemarks}\n</Document>\n</kml>\n"
    )
}

fn read(placemarks: &str) -> Result<Told, ReadError> {
    read_bytes(document(placemarks).as_bytes(), None)
}

fn geometry(inside: &str) -> Result<Option<Geometry<f64>>, String> {
    let told = read(&format!("<Placemark>{inside}</Placemark>")).unwrap();
    told.rows[0]
        .content
        .clone()
        .map(|feature| feature.geometry)
        .map_err(|problem| problem.reason)
}

const POINT: &str = "<Point><coordinates>119.3,26.1,5</coordinates></Point>";
const SQUARE: &str = "<Polygon><outerBoundaryIs><LinearRing><coordinates>0,0 4,0 4,4 0,4 0,0</coordinates></LinearRing>\
    </outerBoundaryIs><innerBoundaryIs><LinearRing><coordinates>1,1 1,2 2,2 1,1</coordinates></LinearRing>\
    </innerBoundaryIs></Polygon>";

#[test]
fn placemarks_anywhere_are_rows_with_all_their_values() {
    let told = read(&format!(
        "<Folder><name>福州</name><Folder><name>鼓楼</name>
           <Placemark id=\"p1\"><name>一中 &amp; &#x5C0F;学</name><description><![CDATA[<b>bold</b>]]></description>
             <address>东街口</address><phoneNumber>0591</phoneNumber><styleUrl>#red</styleUrl>
             <TimeStamp><when>2026-01-31</when></TimeStamp><LookAt><heading>9</heading></LookAt>
             <ExtendedData><Data name=\"容量\"><displayName>x</displayName><value>300</value></Data>
               <SchemaData schemaUrl=\"#s\"><SimpleData name=\"name\">另一名</SimpleData>
               <SimpleData name=\"flag\"/></SchemaData><own:grade xmlns:own=\"urn:x\">A</own:grade></ExtendedData>
             {POINT}</Placemark></Folder></Folder>
         <Placemark><name/>{POINT}</Placemark>
         <NetworkLink><Link><href>http://example.org/x.kml</href></Link></NetworkLink>"
    ))
    .unwrap();
    assert_eq!((told.format, &told.crs), (Format::Kml, &Some(DeclaredCrs::Epsg(4326))));
    let text = |name, text: &str| (name, text.to_owned());
    assert_eq!(
        told.texts(),
        [
            vec![
                text("@id", "p1"),
                text("folder", "福州/鼓楼"),
                text("name", "一中 & 小学"),
                text("description", "<b>bold</b>"),
                text("address", "东街口"),
                text("phoneNumber", "0591"),
                text("styleUrl", "#red"),
                text("when", "2026-01-31"),
                text("容量", "300"),
                text("name_2", "另一名"),
                text("grade", "A"),
            ],
            vec![],
        ]
    );
    assert_eq!(told.geometries(), vec![Some(point! { x: 119.3, y: 26.1 }.into()); 2]);
    assert_eq!(told.remarks, ["links_not_followed"]);
}

#[test]
fn geometries_of_every_kind_are_read() {
    let line = line_string![(x: 1.0, y: 2.0), (x: 3.0, y: 4.0)];
    let hole = line_string![(x: 1.0, y: 1.0), (x: 1.0, y: 2.0), (x: 2.0, y: 2.0), (x: 1.0, y: 1.0)];
    let mut square = polygon![(x: 0.0, y: 0.0), (x: 4.0, y: 0.0), (x: 4.0, y: 4.0), (x: 0.0, y: 4.0)];
    square.interiors_push(hole);
    let text = "<LineString><tessellate>1</tessellate><coordinates>\n 1,2,0\n\t3,4,0 </coordinates></LineString>";
    assert_eq!(geometry(text), Ok(Some(line.clone().into())));
    let blanks = "<LineString><coordinates>1, 2, 0 3 ,4</coordinates></LineString>";
    assert_eq!(geometry(blanks), Ok(Some(line.clone().into())));
    let track = "<gx:Track><when>2026</when><gx:coord>1 2 0</gx:coord><gx:coord>3 4 0</gx:coord></gx:Track>";
    assert_eq!(geometry(track), Ok(Some(line.into())));
    assert_eq!(geometry(SQUARE), Ok(Some(square.clone().into())));
    let nested = format!("<MultiGeometry>{SQUARE}<MultiGeometry>{SQUARE}</MultiGeometry></MultiGeometry>");
    let squares = Geometry::MultiPolygon(vec![square.clone(), square].into());
    assert_eq!(geometry(&nested), Ok(Some(squares)));
    let mixed = geometry(&format!("<MultiGeometry>{POINT}{SQUARE}</MultiGeometry>"));
    assert!(matches!(mixed, Ok(Some(Geometry::GeometryCollection(members))) if members.0.len() == 2));
    for empty in [
        "",
        "<Point/>",
        "<MultiGeometry></MultiGeometry>",
        "<Polygon><extrude>1</extrude></Polygon>",
    ] {
        assert_eq!(geometry(empty), Ok(None), "{empty}");
    }
}

#[test]
fn a_bad_geometry_is_a_refused_row_and_the_next_is_read() {
    for (inside, reason) in [
        (
            "<Point><coordinates>119.3;26.1</coordinates></Point>",
            "longitude,latitude",
        ),
        ("<Point><coordinates>119.3</coordinates></Point>", "longitude,latitude"),
        ("<Point><coordinates>NaN,1</coordinates></Point>", "longitude,latitude"),
        ("<Point><coordinates>1,2 3,4</coordinates></Point>", "several positions"),
        ("<Model><Link/></Model>", "a model"),
        (&SQUARE.replace("outer", "inner"), "no outer ring"),
        (
            &("<MultiGeometry>".repeat(20) + POINT + &"</MultiGeometry>".repeat(20)),
            "nested deeper",
        ),
    ] {
        let told = read(&format!(
            "<Placemark>{inside}</Placemark><Placemark>{POINT}</Placemark>"
        ))
        .unwrap();
        assert_eq!((told.rows.len(), told.reasons().len()), (2, 1), "{inside}");
        assert!(told.reasons()[0].contains(reason), "{told:?}");
    }
}

#[test]
fn entities_are_never_expanded() {
    let bomb = "<!DOCTYPE kml [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>";
    let file = "<!DOCTYPE kml [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>";
    for doctype in [bomb, file] {
        let text = format!("{doctype}<kml><Placemark><name>&a;</name>{POINT}</Placemark></kml>");
        let error = read_bytes(text.as_bytes(), None).unwrap_err().to_string();
        assert!(error.contains("defines entities of its own"), "{error}");
    }
    let unknown = read("\n<Placemark><name>a&nbsp;b</name></Placemark>")
        .unwrap_err()
        .to_string();
    assert!(
        unknown.contains("line 6") && unknown.contains("no entity &nbsp;"),
        "{unknown}"
    );
}

#[test]
fn the_declaration_says_the_encoding() {
    let text = document(&format!("<Placemark><name>福州</name>{POINT}</Placemark>"));
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked = [b"\xff\xfe".as_slice(), &utf16].concat();
    let gbk = text.replace("UTF-8", "gb2312");
    for bytes in [
        text.clone().into_bytes(),
        encoding_rs::GBK.encode(&gbk).0.into_owned(),
        marked,
    ] {
        assert_eq!(read_bytes(&bytes, None).unwrap().texts()[0][0].1, "福州");
    }
    assert_eq!(declared_encoding(&utf16), Ok(encoding_rs::UTF_16LE));
    assert_eq!(
        declared_encoding(b"<?xml version='1.0' encoding = 'Big5' ?>"),
        Ok(encoding_rs::BIG5)
    );
    assert_eq!(
        declared_encoding(b"<?xml version='1.0' encoding='klingon'?>"),
        Err("klingon".to_owned())
    );
    let wrong = encoding_rs::GBK.encode(&text).0;
    assert!(matches!(read_bytes(&wrong, None), Err(ReadError::Encoding(_))));
}

#[test]
fn other_xml_is_no_kml() {
    for (text, name) in [
        ("<kml>", "kml"),
        ("\u{feff} <?xml version='1.0'?><!-- <x> --><k:kml xmlns:k='x'>", "kml"),
        ("<!DOCTYPE html><html>", "html"),
        ("<!DOCTYPE g [<!ENTITY a \"b>\">]><gpx/>", "gpx"),
        ("<?xml", ""),
    ] {
        assert_eq!(root(text.as_bytes()), Some(name.to_owned()));
    }
    assert_eq!(root(b"lon,lat"), None);
    for (text, words) in [
        ("<gml></gml>", "`gml`"),
        ("<gpx></gpx>", "ogr2ogr out.geojson in.gpx"),
        (
            "<alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'></alert>",
            "a warning message (CAP)",
        ),
        ("<feed></feed>", "a news feed"),
        ("<osm></osm>", "OpenStreetMap data (XML)"),
    ] {
        let error = read_bytes(text.as_bytes(), None).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }
}

#[test]
fn a_document_cut_anywhere_is_an_error() {
    let text = document(&format!(
        "<Placemark><name>x</name>{POINT}</Placemark><Placemark>{SQUARE}</Placemark>"
    ));
    let end = text.trim_end().len();
    for length in 0..end {
        assert!(
            read_bytes(&text.as_bytes()[..length], Some(Format::Kml)).is_err(),
            "cut to {length} bytes"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn no_damage_panics(bytes in flipped(document(&format!(
        "<Folder><name>f</name><Placemark><name>&amp;</name><MultiGeometry>{POINT}{SQUARE}</MultiGeometry></Placemark></Folder>"
    )).into_bytes())) {
        let _ = read_bytes(&bytes, Some(Format::Kml));
    }
}
