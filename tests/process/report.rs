//! The report as text, JSON and page: what stands twice, what lies elsewhere, and what nobody may smuggle in.

use std::fs;

use serde_json::json;

use crate::harness::{Workspace, square};

const IMPORT: &str = "import --region pack --layer shelters --role shelter --vintage 2026 --report report.json";

/// A pack with two counties side by side, inside a city.
fn counties(space: &Workspace) {
    let areas = [
        square(r#""code":"350100","name":"福州市","level":"city""#, 119.0, 26.0, 0.4),
        square(r#""code":"350102","name":"鼓楼区","level":"county""#, 119.0, 26.0, 0.2),
        square(r#""code":"350103","name":"台江区","level":"county""#, 119.2, 26.0, 0.2),
    ];
    space.write("areas.geojsonl", areas.join("\n"));
    space
        .run("import --region pack --layer areas --role admin_area --vintage 2026 --map admin_code=code areas.geojsonl")
        .exits(0);
}

#[test]
fn what_stands_twice_is_told_and_kept() {
    let space = Workspace::new();
    space.write(
        "s.csv",
        "id,name,lon,lat\n\
         1,福州一中,119.30000,26.08\n\
         2,福州 一中,119.30005,26.08\n\
         3,福州一中,119.30020,26.08\n\
         4,二中,119.40000,26.08\n\
         5,第二中学,119.40000,26.08\n\
         6,,119.40000,26.08\n",
    );
    let output = space.run(&format!("{IMPORT} s.csv")).exits(4);
    assert!(
        output.contains(
            "  warning  2 features have another of the same name within 10 m; such as 1 福州一中 and 2 福州 一中, 5.0 m apart"
        ),
        "{output}"
    );
    let report = space.report("report.json");
    assert_eq!(
        (&report["kept"], &report["duplicates"]["features"]),
        (&json!(6), &json!(2))
    );
    assert_eq!(report["duplicates"]["other_names"], 2);
    assert_eq!(
        report["duplicates"]["other_name_examples"][0]["other"],
        json!({ "id": "5", "name": "第二中学" })
    );
}

#[test]
fn what_lies_elsewhere_than_it_says_is_told_and_kept() {
    let space = Workspace::new();
    counties(&space);
    space.write(
        "s.csv",
        "id,name,address,area,lon,lat\n\
         1,right by its code,,350102,119.1,26.1\n\
         2,wrong by its code,,350103001000,119.1,26.1\n\
         3,right by its address,福州市台江区某路1号,,119.3,26.1\n\
         4,wrong by its address,福州市台江区某路1号,,119.1,26.1\n\
         5,鼓楼区一小,,,119.3,26.1\n\
         6,just outside,,350102,119.205,26.1\n\
         7,two areas,鼓楼区台江区,,119.3,26.1\n\
         8,says nothing,,,119.3,26.1\n\
         9,in the sea,福州市,,119.6,26.1\n",
    );
    let output = space.run(&format!("{IMPORT} --map admin_code=area s.csv")).exits(4);
    assert!(
        output.contains("  warning  4 of 7 features lie more than 1 km outside"),
        "{output}"
    );
    let report = space.report("report.json");
    let misplaced = &report["misplaced"];
    let strays: Vec<String> = misplaced["examples"]
        .as_array()
        .unwrap()
        .iter()
        .map(|stray| {
            format!(
                "{} {} by {}: {} m, in {}",
                stray["feature"]["id"], stray["stated"], stray["by"], stray["distance_m"], stray["lies_in"]
            )
        })
        .collect();
    let mut strays = strays;
    strays.sort();
    insta::assert_snapshot!(strays.join("\n"), @r#"
    "2" "台江区" by "admin_code": 10003.0 m, in "鼓楼区"
    "4" "台江区" by "address": 10003.0 m, in "鼓楼区"
    "5" "鼓楼区" by "name": 10003.0 m, in "台江区"
    "9" "福州市" by "address": 20007.0 m, in null
    "#);
    assert_eq!((&misplaced["outside_areas"], &report["kept"]), (&json!(1), &json!(9)));
}

#[test]
fn the_page_says_everything_in_chinese_and_english() {
    let space = Workspace::new();
    let rows = "编号,名称,经度,纬度,容纳人数,洪水\n\
                S1,福州一中,119.30,26.08,1200人,1\n\
                S2,鼓楼社区,119.31,26.09,300,0\n\
                S1,twice,119.4,26.1,1,\n,no id,119.4,26.1,1,\nS4,far,199.4,26.1,1,\nS5,swapped,26.1,119.4,1,\n\
                S6,nowhere,,26.1,1,\nS7,many,119.4,26.1,约300,\nS8,flag,119.4,26.1,1,maybe\nS9,short,119.4\n";
    space.write("shelters.csv", rows);
    let given = "--map id=编号 --map capacity=容纳人数 --map suits.flood=洪水";
    let import = IMPORT.replace("report.json", "report.html");
    space.run(&format!("{import} {given} shelters.csv")).exits(3);
    let page = fs::read_to_string(space.path("report.html")).unwrap();
    let body = page.split("<main>").nth(1).unwrap();
    insta::assert_snapshot!(body, @r#"
    <h1><span lang="zh-Hans">导入报告</span> <span lang="en">Import report</span></h1>
    <p><span lang="zh-Hans">shelters.csv（csv）已成为图层 shelters。</span> <span lang="en">shelters.csv (csv) is now layer shelters.</span></p>
    <p><span lang="zh-Hans">数据包由本次导入新建。</span> <span lang="en">The pack was made by this import.</span></p>
    <h2><span lang="zh-Hans">行数</span> <span lang="en">Rows</span></h2>
    <table><tbody>
    <tr><th scope="row"><span lang="zh-Hans">读取</span> <span lang="en">Read</span></th><td class="n">10</td></tr>
    <tr><th scope="row"><span lang="zh-Hans">保留</span> <span lang="en">Kept</span></th><td class="n">3</td></tr>
    <tr><th scope="row"><span lang="zh-Hans">其中修复</span> <span lang="en">Of these repaired</span></th><td class="n">0</td></tr>
    <tr><th scope="row"><span lang="zh-Hans">拒绝</span> <span lang="en">Refused</span></th><td class="n">7</td></tr>
    </tbody></table>
    <h2><span lang="zh-Hans">需要注意</span> <span lang="en">What to look at</span></h2>
    <p><span lang="zh-Hans">提示</span> <span lang="en">Note</span><br><span lang="zh-Hans">列“容纳人数”有 1 个约数，例如“约300”；按所写的数字读取</span><br><span lang="en">approximate values in `容纳人数`: 1, such as `约300`; they are read as the number that stands there</span></p>
    <h2><span lang="zh-Hans">几何图形</span> <span lang="en">Geometry</span></h2>
    <table><tbody>
    <tr><th scope="row"><span lang="zh-Hans">点</span> <span lang="en">Points</span></th><td class="n">3</td></tr>
    <tr><th scope="row"><span lang="zh-Hans">顶点</span> <span lang="en">Vertices</span></th><td class="n">3</td></tr>
    <tr><th scope="row"><span lang="zh-Hans">范围（西、南、东、北，度）</span> <span lang="en">Extent (west, south, east, north, degrees)</span></th><td class="n">119.30000, 26.08000, 119.40000, 26.10000</td></tr>
    </tbody></table>
    <h2><span lang="zh-Hans">列</span> <span lang="en">Columns</span></h2>
    <table><thead><tr><th scope="col"><span lang="zh-Hans">列</span> <span lang="en">Column</span></th><th scope="col"><span lang="zh-Hans">含义</span> <span lang="en">Meaning</span></th><th scope="col"><span lang="zh-Hans">类型</span> <span lang="en">Type</span></th><th scope="col"><span lang="zh-Hans">有值</span> <span lang="en">Known</span></th><th scope="col"><span lang="zh-Hans">空白</span> <span lang="en">Blank</span></th><th scope="col"><span lang="zh-Hans">不同值</span> <span lang="en">Different values</span></th><th scope="col"><span lang="zh-Hans">内容</span> <span lang="en">Values</span></th></tr></thead><tbody>
    <tr><td>经度</td><td><span lang="zh-Hans">经度 *</span> <span lang="en">Longitude *</span></td><td><span lang="zh-Hans">坐标</span> <span lang="en">position</span></td><td></td><td></td><td></td><td></td></tr>
    <tr><td>纬度</td><td><span lang="zh-Hans">纬度 *</span> <span lang="en">Latitude *</span></td><td><span lang="zh-Hans">坐标</span> <span lang="en">position</span></td><td></td><td></td><td></td><td></td></tr>
    <tr><td>编号</td><td><span lang="zh-Hans">编号</span> <span lang="en">Id</span></td><td><span lang="zh-Hans">文本</span> <span lang="en">text</span></td><td class="n">3</td><td class="n">0</td><td class="n">3</td><td>S1, S2, S7</td></tr>
    <tr><td>名称</td><td><span lang="zh-Hans">名称 *</span> <span lang="en">Name *</span></td><td><span lang="zh-Hans">文本</span> <span lang="en">text</span></td><td class="n">3</td><td class="n">0</td><td class="n">3</td><td>福州一中, 鼓楼社区, many</td></tr>
    <tr><td>容纳人数</td><td><span lang="zh-Hans">容纳人数</span> <span lang="en">Capacity</span></td><td><span lang="zh-Hans">文本</span> <span lang="en">text</span></td><td class="n">3</td><td class="n">0</td><td class="n">3</td><td>1200人, 300, 约300</td></tr>
    <tr><td>洪水</td><td><span lang="zh-Hans">适用：洪水</span> <span lang="en">suits: Flood</span></td><td><span lang="zh-Hans">文本</span> <span lang="en">text</span></td><td class="n">2</td><td class="n">1</td><td class="n">2</td><td>yes, no</td></tr>
    <tr><td>capacity</td><td><span lang="zh-Hans">容纳人数</span> <span lang="en">Capacity</span></td><td><span lang="zh-Hans">整数</span> <span lang="en">whole number</span></td><td class="n">3</td><td class="n">0</td><td class="n">2</td><td>300 … 1200, ⌀ 600</td></tr>
    </tbody></table>
    <p><span lang="zh-Hans">* 按列名推断；用 --map 可另选。</span> <span lang="en">* Taken by the column’s name; --map chooses another.</span></p>
    <h2><span lang="zh-Hans">被拒绝的行</span> <span lang="en">Refused rows</span></h2>
    <table><thead><tr><th scope="col"><span lang="zh-Hans">行号</span> <span lang="en">Row</span></th><th scope="col"><span lang="zh-Hans">字段</span> <span lang="en">Field</span></th><th scope="col"><span lang="zh-Hans">值</span> <span lang="en">Value</span></th><th scope="col"><span lang="zh-Hans">原因</span> <span lang="en">Reason</span></th></tr></thead><tbody>
    <tr><td class="n">3</td><td>编号</td><td>S1</td><td><span lang="zh-Hans">编号与第 1 行重复</span><br><span lang="en">the id stands in row 1 already</span></td></tr>
    <tr><td class="n">4</td><td>编号</td><td></td><td><span lang="zh-Hans">编号为空</span><br><span lang="en">the id is blank</span></td></tr>
    <tr><td class="n">5</td><td>geometry</td><td></td><td><span lang="zh-Hans">经度 199.4 超出 -180 至 180 度</span><br><span lang="en">longitude 199.4 is outside -180..=180 degrees</span></td></tr>
    <tr><td class="n">6</td><td>geometry</td><td></td><td><span lang="zh-Hans">纬度 119.4 超出 -90 至 90 度；经度和纬度是否颠倒？</span><br><span lang="en">latitude 119.4 is outside -90..=90 degrees; are longitude and latitude swapped?</span></td></tr>
    <tr><td class="n">7</td><td>经度</td><td></td><td><span lang="zh-Hans">没有坐标</span><br><span lang="en">there is no position</span></td></tr>
    <tr><td class="n">9</td><td>洪水</td><td>maybe</td><td><span lang="zh-Hans">应为是或否（1/0、是/否、○/×），未知则留空</span><br><span lang="en">must be yes or no (1/0, 是/否, ○/×), or blank for unknown</span></td></tr>
    <tr><td class="n">10</td><td></td><td></td><td><span lang="zh-Hans">有 3 个字段，表头有 6 个</span><br><span lang="en">3 fields where the header has 6</span></td></tr>
    </tbody></table>
    </main>
    </html>
    "#);
    let untranslated = body.matches("<td><span lang=\"en\">").count();
    assert_eq!(untranslated, 0, "every reason is in the catalogue");
    assert!(!page.contains("http://") && !page.contains("https://") && !page.contains("<script"));
}

#[test]
fn a_value_is_never_markup() {
    let space = Workspace::new();
    counties(&space);
    let attack = "<script>alert(1)</script><img src=x onerror='alert(\"2\")'>&amp;";
    let quoted = attack.replace('"', "\"\"");
    space.write(
        "evil'<b>.csv",
        format!(
            "id,name,address,\"<i>{quoted}\",lon,lat\n\
             \"1{quoted}\",\"{quoted}\",\"{quoted}台江区\",\"{quoted}\",119.1,26.1\n\
             \"2{quoted}\",\"{quoted}\",,\"{quoted}\",119.1,26.1\n\
             3,x,,\"{quoted}\",\"{quoted}\",26\n"
        ),
    );
    let import = IMPORT.replace("report.json", "report.html");
    let args: Vec<&str> = import.split_whitespace().chain(["evil'<b>.csv"]).collect();
    space.refugia(&args).exits(3);
    let page = fs::read_to_string(space.path("report.html")).unwrap();
    for markup in ["<script", "<img", "<i>", "<b>", "&amp;amp;lt"] {
        assert!(!page.contains(markup), "{markup} in {page}");
    }
    assert!(
        page.matches("&lt;script&gt;alert(1)&lt;/script&gt;").count() >= 6,
        "the values are told all the same"
    );
    assert!(page.contains("&#39;alert(&quot;2&quot;)&#39;&gt;&amp;amp;"), "{page}");
}

#[test]
fn a_terminal_is_not_steered_by_values() {
    let space = Workspace::new();
    space.write(
        "s.csv",
        "id,name,lon,lat\n1,\u{1b}[2Ja\u{7}b,119.1,26.1\n2,b,x\u{1b}[1m,26\n",
    );
    let output = space.run(&format!("{IMPORT} s.csv")).exits(3);
    assert!(!output.contains(['\u{1b}', '\u{7}']), "{output:?}");
}

#[test]
fn a_report_of_no_known_format_is_refused_before_any_work() {
    let space = Workspace::new();
    space.write("s.csv", "id,name,lon,lat\n1,a,119.1,26.1\n");
    let run = space.run(&format!("{} s.csv", IMPORT.replace("report.json", "report.txt")));
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("end its name in .json or .html"), "{}", run.stderr);
    assert!(!space.path("pack").exists());
}

#[test]
fn repaired_rows_are_told_one_by_one() {
    let space = Workspace::new();
    let zone = |ring: &str| {
        format!(r#"{{"type":"Feature","properties":{{}},"geometry":{{"type":"Polygon","coordinates":[[{ring}]]}}}}"#)
    };
    let zones = [
        zone("[119,26],[120,26],[120,27],[119,26]"),
        zone("[119,26],[120,27],[120,26],[120,26],[119,26]"),
        zone("[119,26],[120,27],[120,26],[119,27],[119,26]"),
    ];
    space.write("zones.geojsonl", zones.join("\n"));
    space
        .run("import --region pack --layer z --role hazard_zone --hazard flood --report report.json zones.geojsonl")
        .exits(4);
    let report = space.report("report.json");
    assert_eq!(
        report["repairs_by_row"],
        json!([
            { "row": 2, "field": "geometry", "value": null, "reason": "1 repeated position dropped" },
            { "row": 2, "field": "geometry", "value": null, "reason": "1 ring turned" },
            {
                "row": 3,
                "field": "geometry",
                "value": null,
                "reason": "polygon that touched or crossed itself rebuilt, area changed by 100.0000 %"
            },
        ])
    );
    insta::assert_json_snapshot!(report["statistics"], @r#"
    {
      "geometry": {
        "points": 0,
        "lines": 0,
        "polygons": 3,
        "vertices": 16,
        "area_km2": 16583.351933
      },
      "columns": [
        {
          "column": "import_row",
          "kind": "int",
          "known": 3,
          "blank": 0,
          "distinct": 3,
          "more_distinct": false,
          "min": 1,
          "max": 3,
          "mean": 2.0,
          "frequent": [],
          "samples": [
            "1",
            "2",
            "3"
          ]
        }
      ]
    }
    "#);
}
