#!/usr/bin/env python3
"""Writes small valid inputs for every fuzz target: seeds.py FOLDER makes FOLDER/TARGET/*.

Everything is invented: the demonstration layers of tests/fixtures, and a few rows written here. Where GDAL's ogr2ogr is
missing the formats that only it writes have fewer seeds.
"""

import shutil
import struct
import subprocess
import sys
import tempfile
import zipfile
import zlib
from pathlib import Path

HERE = Path(__file__).resolve().parent
PACKS = HERE.parent / "fixtures" / "packs"
LAYERS = ["shelters", "flood", "districts"]
BETWEEN = b"\n#####\n"
# The first byte of an input of `any` chooses its ending, in the order of targets' packing.rs.
ENDINGS = ["csv", "geojson", "geojsonl", "kml", "fgb", "gpkg", "xlsx", "xls", "ods", "zip", "shp", "txt"]
LONGEST = 64 << 10

ROWS = """编号,名称,经度,纬度,容纳人数,启用日期
a,河湾小学,119.2965,26.0753,300,2019-05-01
b,"高坡, 礼堂",119.4,26.2,约2万人,
c,东岸,"119°17'47""E",26.3,-,2020年
"""
KML = """<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2">
<Document><Style id="s"/><Folder><name>避难所</name><Placemark id="p"><name>一</name><description><![CDATA[<b>x</b>]]></description>
<ExtendedData><Data name="容量"><value>30</value></Data><SchemaData schemaUrl="#s"><SimpleData name="n">1</SimpleData></SchemaData></ExtendedData>
<MultiGeometry><Point><coordinates>119.3,26.1,5</coordinates></Point><Polygon><outerBoundaryIs><LinearRing><coordinates>0,0 1,0 1,1 0,0</coordinates></LinearRing></outerBoundaryIs>
<innerBoundaryIs><LinearRing><coordinates>.1,.1 .2,.1 .2,.2 .1,.1</coordinates></LinearRing></innerBoundaryIs></Polygon></MultiGeometry></Placemark></Folder>
<Placemark><gx:Track><when>2020-01-01</when><gx:coord>119 26 0</gx:coord></gx:Track></Placemark><NetworkLink/></Document></kml>"""
GEOJSON = """{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4490"}},"features":[
{"type":"Feature","id":7,"properties":{"name":"一","n":1.5,"ok":true,"o":{"a":[1]},"z":null},"geometry":{"type":"Point","coordinates":[119.3,26.1]}},
{"type":"Feature","properties":{"n":18446744073709551615},"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}},
{"type":"Feature","properties":null,"geometry":{"type":"GeometryCollection","geometries":[{"type":"MultiPoint","coordinates":[[1,2]]}]}}]}"""
WKTS = [
    "POINT (1 2)", "SRID=4490;POINT ZM (1 2 3 4)", "LINESTRING(0 0,1e3 1.5)", "POLYGON((0 0,1 0,1 1,0 0),(.1 .1,.2 .1,.2 .2,.1 .1))",
    "MULTIPOINT((1 2),(3 4))", "MULTILINESTRING((0 0,1 1),EMPTY)", "MULTIPOLYGON(((0 0,1 0,1 1,0 0)))",
    "GEOMETRYCOLLECTION(POINT(1 2),GEOMETRYCOLLECTION EMPTY)",
]
POSITIONS = [
    "119.2965,26.0753,x", "119°17'47.4\",26°4'31\",y", "东经119度17分47秒,北纬26.1,z", "１１９．３,E119.3,", '"119,5","26,5"', "-0,N26 4 31,",
    "39430000,2886000,m",
]
SYSTEMS = [
    "wgs84", "gcj02", "bd09", "cgcs2000", "epsg:4549", "EPSG:32650", "urn:ogc:def:crs:OGC:1.3:CRS84",
    "http://www.opengis.net/def/crs/EPSG/0/4490", "+proj=tmerc +lat_0=0 +lon_0=120 +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m +no_defs",
    "+proj=utm +zone=50 +datum=WGS84", "+proj=longlat +ellps=GRS80 +towgs84=0,0,0,0,0,0,0",
    '+proj=lcc +lat_1=25 +lat_2=47 +lat_0=0 +lon_0=105 +ellps=krass',
    'GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]',
    'PROJCS["CGCS2000_3_Degree_GK_CM_120E",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",120.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0],AUTHORITY["EPSG",4549]]',
    'PROJCRS["WGS 84 / UTM zone 50N",BASEGEOGCRS["WGS 84",DATUM["World Geodetic System 1984",ELLIPSOID["WGS 84",6378137,298.257223563]]],CONVERSION["UTM",METHOD["Transverse Mercator"],PARAMETER["Longitude of natural origin",117]],CS[Cartesian,2],AXIS["x",east],AXIS["y",north],LENGTHUNIT["metre",1],ID["EPSG",32650]]',
]
SHELTERS = """a|河湾小学|119.2965|26.0753|300|600㎡|洪水、地震|厕所、电|2019-05-01|0591-87654321|350102|正常|学校|东街1号
b|高坡礼堂|119.4|26.2|约2万人|1.5亩|台风/暴雨；滑坡|无|2020年3月|13900000000 转 1|350103001|停用|公园|
b|东岸|119.5|26.3|１００－２００|-|全部|○|43831|（02）2345-6789||满员||
"""
ZONES = """1|高|POLYGON((119 26,119.1 26,119.1 26.1,119 26))
2|中|MULTIPOLYGON(((119 26,120 27,120 26,119 27,119 26)))
3|低|POLYGON((119 26,119.5 26,119.5 26.5,119 26.5),(119.1 26.1,119.2 26.1,119.2 26.2,119.1 26.1))
"""
MAPPING = """encoding = "utf-8"
datum = "wgs84"
lon = "经度"
lat = "纬度"
[attributes]
name = { zh = "名称" }
capacity = "容纳人数"
suits = { list = "适用灾种", flood = "配套设施" }
phone = ""
"""


class Seeds:
    def __init__(self, folder):
        self.folder = Path(folder)
        self.count = 0

    def add(self, target, *contents, ending=None):
        folder = self.folder / target
        folder.mkdir(parents=True, exist_ok=True)
        for content in contents:
            content = content.encode() if isinstance(content, str) else content
            if len(content) >= LONGEST:
                continue
            self.count += 1
            (folder / f"seed-{self.count:03}").write_bytes(content)
            if ending:
                self.add("any", bytes([ENDINGS.index(ending)]) + content)


def tables(seeds):
    seeds.add("csv", ROWS, ROWS.replace(",", "\t"), ROWS.encode("gb18030"), ROWS.encode("utf-16"), "sep=;\nx;y;n\n1,5;2,5;a\n", ending="csv")
    seeds.add("csv", "Titel\n\nid,location\n1,\"26.1,119.3\"\n", "wkt\n" + '"POINT(1 2)"\n', "lon,lat\r1,2\r", ending="csv")
    for encoding in ["utf-8", "gb18030", "big5", "shift_jis", "euc-jp", "euc-kr", "utf-16-le"]:
        text = {"euc-kr": "서울 대피소 안내", "shift_jis": "避難場所ガイド東京", "euc-jp": "避難場所ガイド東京", "big5": "臺北避難所學校"}.get(encoding, "福州避灾点学校")
        seeds.add("encoding", text.encode(encoding) + b"\n1,2," + (text * 4).encode(encoding) + b"\n")
    seeds.add("position", "\n".join(POSITIONS), *POSITIONS)
    seeds.add("wkt", "\n".join(f"{wkt}|a" for wkt in WKTS), *WKTS)
    seeds.add("import", *(bytes([byte]) + SHELTERS.encode() for byte in (0, 3)), b"\x02" + ZONES.encode())
    seeds.add("mapping", MAPPING, "", "level_from = \"状态\"\nlevels = [\"a\", \"b\"]\ntable = \"S\"\nunsafe_from = \"b\"\n")


def texts(seeds):
    seeds.add("geojson", GEOJSON, '{"type":"Feature","properties":{},"geometry":null}', '{"type":"LineString","coordinates":[[0,0],[1,1,2]]}', ending="geojson")
    lines = [line.rstrip(",]}") for line in GEOJSON.splitlines()[1:2]]
    features = '{"type":"Feature","id":"a","properties":{"n":1},"geometry":{"type":"Point","coordinates":[1,2]}}\n' + '{"type":"Point","coordinates":[3,4]}\n' + "".join(lines)
    seeds.add("geojsonseq", features, features.replace("{\"type\":\"Feature\"", "\x1e{\"type\":\"Feature\""), ending="geojsonl")
    seeds.add("kml", KML, KML.replace("UTF-8", "GBK").encode("gbk"), KML.encode("utf-16"), ending="kml")
    seeds.add("crs", *SYSTEMS)
    for pack in PACKS.iterdir():
        if pack.is_dir():
            seeds.add("manifest", (pack / "region.toml").read_bytes())
            for layer in pack.glob("*.fgb"):
                seeds.add("flatgeobuf", layer.read_bytes(), ending="fgb")


def geometries(seeds):
    point = struct.pack("<BI2d", 1, 1, 119.3, 26.1)
    ring = struct.pack("<I8d", 4, 0, 0, 1, 0, 1, 1, 0, 0)
    polygon = struct.pack("<BII", 1, 3, 1) + ring
    line = struct.pack(">BII4d", 0, 2, 2, 0, 0, 1, 1)
    header = b"GP\x00\x01" + struct.pack("<i", 4326)
    collection = struct.pack("<BII", 1, 7, 3) + point + polygon + line
    raised = struct.pack("<BI3d", 1, 1001, 1, 2, 3), struct.pack("<BII4d", 1, 0xe0000001, 4326, 1, 2, 3, 4)
    parts = struct.pack("<BII", 1, 6, 1) + polygon, struct.pack("<BII", 1, 4, 1) + point, struct.pack("<BII", 1, 5, 1) + line
    seeds.add("wkb", *(header + body for body in (point, polygon, line, collection, *raised, *parts)))
    seeds.add("wkb", b"GP\x00\x03" + struct.pack("<i4d", 4326, 0, 1, 0, 1) + polygon)


def by_gdal(seeds):
    if not shutil.which("ogr2ogr"):
        print("ogr2ogr is not here: no seeds for GeoPackage, and fewer for others", file=sys.stderr)
        return
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        for layer in LAYERS:
            source = PACKS / "tiny" / f"{layer}.fgb"

            def convert(driver, ending, *options, source=source):
                target = folder / f"{layer}.{ending}"
                subprocess.run(["ogr2ogr", "-f", driver, target, source, *options], check=True, stderr=subprocess.DEVNULL)
                return target

            seeds.add("geojson", convert("GeoJSON", "geojson").read_bytes(), ending="geojson")
            seeds.add("geojsonseq", convert("GeoJSONSeq", "geojsonl").read_bytes(), ending="geojsonl")
            seeds.add("kml", convert("KML", "kml").read_bytes(), ending="kml")
            table = convert("CSV", "csv", "-lco", "GEOMETRY=AS_WKT")
            seeds.add("csv", table.read_bytes(), ending="csv")
            pages = ["-lco", "SPATIAL_INDEX=NO", "-dsco", "ADD_GPKG_OGR_CONTENTS=NO", "--config", "OGR_SQLITE_PRAGMA", "page_size=512"]
            seeds.add("geopackage", convert("GPKG", "gpkg", *pages).read_bytes(), ending="gpkg")
            convert("ESRI Shapefile", "shp", "-lco", "ENCODING=UTF-8")
            parts = [folder / f"{layer}.{ending}" for ending in ("shp", "dbf", "shx", "cpg", "prj")]
            seeds.add("shapefile", BETWEEN.join(part.read_bytes() for part in parts), parts[0].read_bytes())
            seeds.add("any", bytes([ENDINGS.index("shp")]) + parts[0].read_bytes())
            workbooks(seeds, convert("XLSX", "xlsx", source=table), convert("ODS", "ods", source=table))
            zipped = folder / f"{layer}.zip"
            with zipfile.ZipFile(zipped, "w") as archive:
                for part in parts:
                    archive.write(part, f"data/{part.name}")
            seeds.add("any", bytes([ENDINGS.index("zip")]) + zipped.read_bytes())
            members = (f"data/{part.name}\n".encode() + part.read_bytes() for part in parts)
            seeds.add("archive", BETWEEN.join(members))


def varint(number):
    content = bytearray()
    while number >= 0x80:
        content.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes(content + bytes([number]))


def field(number, content):
    if isinstance(content, int):
        return varint(number << 3) + varint(content)
    return varint(number << 3 | 2) + varint(len(content)) + content


def packed(numbers):
    return b"".join(map(varint, numbers))


def differences(numbers):
    steps = (number - before for before, number in zip([0, *numbers], numbers))
    return packed(step << 1 if step >= 0 else ((-step) << 1) - 1 for step in steps)


def town(tags, junctions=4):
    """The message of a data block: streets in a row, with these tags, a bar and a forbidden turn."""
    texts = ["", "barrier", "bollard", "type", "restriction", "no_left_turn", "from", "via", "to"]
    for text in (text for pair in tags.items() for text in pair):
        if text not in texts:
            texts.append(text)
    ids = list(range(1, junctions + 1))
    dense = field(1, differences(ids)) + field(8, differences([260_000_000 + 9_000 * (at % 3) for at in ids]))
    dense += field(9, differences([1_193_000_000 + 10_000 * at for at in ids])) + field(10, packed([0] * (junctions - 2) + [1, 2, 0, 0]))
    keys, values = packed(texts.index(key) for key in tags), packed(texts.index(value) for value in tags.values())
    ways = b"".join(field(3, field(1, 100 + at) + field(2, keys) + field(3, values) + field(8, differences(ids[at : at + 2]))) for at in range(junctions - 1))
    members = field(8, packed([6, 7, 8])) + field(9, differences([100, 2, 101])) + field(10, packed([1, 0, 1]))
    turn = field(1, 7) + field(2, packed([3, 4])) + field(3, packed([4, 5])) + members
    table = b"".join(field(1, text.encode()) for text in texts)
    return field(1, table) + b"".join(field(2, group) for group in (field(2, dense), ways, field(4, turn)))


def roads(seeds):
    blocks = [
        town({"highway": "residential", "name": "东街", "oneway": "yes"}),
        town({"highway": "primary", "maxspeed": "60 mph", "maxheight": "12'6\"", "maxweight": "7.5 st", "bridge": "yes", "layer": "1"}),
        town({"highway": "footway", "area": "yes", "access": "no", "foot": "designated"}, junctions=9),
        town({"route": "ferry", "duration": "01:20", "motor_vehicle": "destination"}),
    ]
    seeds.add("osm", *blocks, BETWEEN.join(blocks[:2]))

    def framed(kind, message):
        blob = field(2, len(message)) + field(3, zlib.compress(message))
        header = field(1, kind.encode()) + field(3, len(blob))
        return struct.pack(">I", len(header)) + header + blob

    head = framed("OSMHeader", field(4, b"OsmSchema-V0.6") + field(4, b"DenseNodes"))
    seeds.add("pbf", *(head + framed("OSMData", block) for block in blocks))
    seeds.add("network", b"", bytes(range(1, 65)), bytes([128, 9, 0, 0]))


def workbooks(seeds, xlsx, ods):
    with zipfile.ZipFile(xlsx) as archive:
        names = archive.namelist()
        wanted = ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"]
        seeds.add("xlsx", BETWEEN.join(archive.read(name) if name in names else b"" for name in wanted))
    with zipfile.ZipFile(ods) as archive:
        # Office programs write no line ends between cells.
        seeds.add("ods", archive.read("content.xml").replace(b">\n<", b"><"))
    for path, ending in ((xlsx, "xlsx"), (ods, "ods")):
        seeds.add("any", bytes([ENDINGS.index(ending)]) + path.read_bytes())


def sheets(seeds):
    """Spreadsheets with what GDAL does not write: dates, merged cells, errors, repeated cells."""
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:D3"/><sheetData>'
        '<row r="1"><c r="A1" t="inlineStr"><is><t>lon</t></is></c><c r="B1" t="s"><v>0</v></c><c r="C1" t="str"><v>n</v></c><c r="D1" t="inlineStr"><is><t>d</t></is></c></row>'
        '<row r="2"><c r="A2"><v>119.3</v></c><c r="B2"><v>26</v></c><c r="C2" t="e"><v>#N/A</v></c><c r="D2" s="1"><v>43831.5</v></c></row>'
        '<row r="3"><c r="A3"><v>1</v></c><c r="B3"><f>1+1</f><v>2</v></c><c r="C3" t="b"><v>1</v></c></row></sheetData>'
        '<mergeCells count="1"><mergeCell ref="D2:D3"/></mergeCells></worksheet>'
    )
    shared = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="1" uniqueCount="1"><si><r><t>la</t></r><r><t>t</t></r></si></sst>'
    styles = '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>'
    seeds.add("xlsx", BETWEEN.join(part.encode() for part in (sheet, shared, styles)))
    names = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    text = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    seeds.add("ods", (
        f'<office:document-content {names}><office:body><office:spreadsheet><table:table table:name="S"><table:table-row>'
        + "".join(text.format(name) for name in ("lon", "lat", "d", "b"))
        + '</table:table-row><table:table-row table:number-rows-repeated="2"><table:table-cell office:value-type="float" office:value="119.3" table:number-columns-repeated="2"/>'
        '<table:table-cell office:value-type="date" office:date-value="2020-01-01"/><table:table-cell office:value-type="boolean" office:boolean-value="true"/><table:covered-table-cell/>'
        "</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
    ))
    seeds.add("xls", xls(), ending="xls")


def xls():
    """Excel 97: records of BIFF8 in a compound file of five sectors and more."""

    def record(kind, body=b""):
        return struct.pack("<HH", kind, len(body)) + body

    def name(text):
        return struct.pack("<BB", len(text), 0) + text.encode("ascii")

    def label(row, column, text):
        return record(0x0204, struct.pack("<HHHHB", row, column, 0, len(text), 0) + text.encode("ascii"))

    shared = record(0x00FC, struct.pack("<II", 1, 1) + struct.pack("<HB", 2, 1) + "名称".encode("utf-16-le")[:4])
    beginning = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0)) + record(0x0042, struct.pack("<H", 1200))
    formats = record(0x00E0, struct.pack("<HH", 0, 0) + bytes(16)) + record(0x00E0, struct.pack("<HH", 0, 14) + bytes(16))
    size = len(beginning) + len(formats) + len(shared) + len(record(0x0085, bytes(6) + name("S"))) + 4
    workbook = beginning + formats + record(0x0085, struct.pack("<IH", size, 0) + name("S")) + shared + record(0x000A)
    workbook += record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0)) + record(0x0200, struct.pack("<IIHHH", 0, 3, 0, 5, 0))
    workbook += label(0, 0, "lon") + label(0, 1, "lat") + record(0x00FD, struct.pack("<HHHI", 0, 2, 0, 0)) + label(0, 3, "d")
    workbook += record(0x0203, struct.pack("<HHHd", 1, 0, 0, 119.3)) + record(0x027E, struct.pack("<HHHI", 1, 1, 0, 26 << 2 | 2))
    workbook += record(0x0205, struct.pack("<HHHBB", 1, 2, 0, 0x2A, 1)) + record(0x0203, struct.pack("<HHHd", 1, 3, 1, 43831.5))
    workbook += record(0x00BD, struct.pack("<HHHIHIH", 2, 0, 0, 1 << 2 | 2, 0, 2 << 2 | 2, 1))
    workbook += record(0x0006, struct.pack("<HHHdHIH", 2, 2, 0, 4.0, 0, 0, 3) + b"\x1e\x04\x00")
    workbook += record(0x00E5, struct.pack("<HHHHH", 1, 1, 2, 3, 3)) + record(0x000A)
    # A stream shorter than this would lie among the short ones.
    workbook = workbook.ljust(4096, b"\0")
    free, end, of_table = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    sectors = len(workbook) // 512
    table = [of_table, end] + [index + 3 for index in range(sectors - 1)] + [end]
    table += [free] * (128 - len(table))

    def entry(called, kind, child, start, length):
        encoded = (called + "\0").encode("utf-16-le") if called else b""
        head = encoded.ljust(64, b"\0") + struct.pack("<HBB", len(encoded), kind, 1) + struct.pack("<III", free, free, child)
        return head + bytes(36) + struct.pack("<IQ", start, length)

    folder = entry("Root Entry", 5, 1, end, 0) + entry("Workbook", 2, free, 2, len(workbook)) + entry("", 0, free, 0, 0) * 2
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0) + struct.pack("<I", 0) + struct.pack("<I", free) * 108
    return header + struct.pack("<128I", *table) + folder + workbook


def archives(seeds):
    kml = KML.encode()
    seeds.add("archive", b"a/shelters.csv\n" + ROWS.encode() + BETWEEN + b"readme.txt\nx", b"doc.kml\n" + kml, b"../../x.geojson\n" + GEOJSON.encode())
    seeds.add("archive", b"doc.kml\n<kml/>" + BETWEEN + b"layers/a.kml\n" + kml)


def main():
    seeds = Seeds(sys.argv[1])
    for write in (tables, texts, geometries, sheets, archives, roads, by_gdal):
        write(seeds)


if __name__ == "__main__":
    main()
