//! Every target in one program: `REFUGIA_FUZZ` names the one to run. Built once instead of once for each target.

#![no_main]

use std::sync::LazyLock;

static TARGET: LazyLock<String> = LazyLock::new(|| std::env::var("REFUGIA_FUZZ").unwrap_or_default());

libfuzzer_sys::fuzz_target!(init: refugia_fuzz::initialize(), |data: &[u8]| refugia_fuzz::run(&TARGET, data));
