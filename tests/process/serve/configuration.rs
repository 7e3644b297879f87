use std::fs;

use super::server::{Server, program};

#[test]
fn flags_win_over_the_environment_over_the_file_over_defaults() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("refugia.toml");
    fs::write(
        &file,
        "[limits]\nmax_query_bytes = 40\n[log]\nlog_format = \"json\"\nlog = \"debug\"\n",
    )
    .unwrap();
    let refused = |flags: &[&str], variable: Option<&str>, bytes: usize| {
        let mut flags = flags.to_vec();
        flags.extend(["--config", file.to_str().unwrap()]);
        let server = Server::start_with(&flags, |command| {
            command.envs(variable.map(|value| ("REFUGIA_MAX_QUERY_BYTES", value)));
        });
        let query = |length: usize| format!("/api/search?q={}", "a".repeat(length - 2));
        assert_eq!(server.get(&query(bytes)).0, 200);
        assert_eq!(server.get(&query(bytes + 1)).0, 413);
        server.stop().1
    };
    let log = refused(&[], None, 40);
    let lines: Vec<serde_json::Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let request = lines
        .iter()
        .find(|line| line["status"] == 413)
        .expect("one line per request at debug");
    assert!(
        request["duration_us"].is_number() && request["request_id"].is_string() && request["path"] == "/api/search"
    );
    refused(&[], Some("50"), 50);
    refused(&["--max-query-bytes", "60"], Some("50"), 60);
}

#[test]
fn what_cannot_be_used_ends_it_with_2_and_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("refugia.toml");
    fs::write(&file, "[server]\nlisten = \"somewhere\"\nlissten = 1\n").unwrap();
    for (flags, variables, said) in [
        (
            vec!["--listen", "nowhere"],
            vec![],
            "server.listen = `nowhere`, set by the flag --listen",
        ),
        (
            vec![],
            vec![("REFUGIA_REQUEST_TIMEOUT", "10")],
            "set by the environment variable REFUGIA_REQUEST_TIMEOUT",
        ),
        (vec!["--config", file.to_str().unwrap()], vec![], "server.lissten in"),
        (
            vec!["--config", "/nonexistent/refugia.toml"],
            vec![],
            "/nonexistent/refugia.toml",
        ),
        (vec!["--lissten", "x"], vec![], "--lissten"),
        (vec!["--log", "refugia=loud"], vec![], "log.log = `refugia=loud`"),
    ] {
        let output = program().arg("serve").args(&flags).envs(variables).output().unwrap();
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{flags:?}: {errors}");
        assert!(errors.contains(said), "{said}: {errors}");
        assert!(output.stdout.is_empty(), "nothing was served");
    }
}

#[test]
fn help_names_every_setting_with_its_variable_and_default() {
    let output = program().args(["serve", "--help"]).output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    for setting in refugia::config::Config::settings() {
        assert!(help.contains(&format!("--{}", setting.flag())), "{}", setting.flag());
        assert!(help.contains(&setting.variable()), "{}", setting.variable());
    }
}
