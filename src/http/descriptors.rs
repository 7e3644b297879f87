//! Open files: each connection is one, and the system lets a process have only so many.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Files kept for all but connections: a server that is full must still be able to read its next pack.
const KEPT: u64 = 128;

/// How many connections can be open at once where so many are wanted. Asks the system for more files first: what a login
/// or a service begins with is a fraction of what it may have.
pub(super) fn connections(wanted: usize) -> usize {
    let needed = (wanted as u64).saturating_add(KEPT);
    let limit = getrlimit(Resource::Nofile);
    let most = limit.maximum.map_or(needed, |most| most.min(needed));
    if limit.current.is_some_and(|current| current < most) {
        let raised = Rlimit {
            current: Some(most),
            ..limit
        };
        if let Err(error) = setrlimit(Resource::Nofile, raised) {
            tracing::warn!(%error, files = most, "the system gives no more open files");
        }
    }
    let Some(files) = getrlimit(Resource::Nofile).current else {
        return wanted;
    };
    let possible = possible(wanted, files);
    if possible < wanted {
        tracing::warn!(
            files,
            wanted,
            connections = possible,
            "fewer connections at once than configured: the system allows too few open files"
        );
    }
    possible
}

/// Where there are few files, half of them are kept.
fn possible(wanted: usize, files: u64) -> usize {
    let left = files - KEPT.min(files / 2);
    wanted.min(usize::try_from(left).unwrap_or(usize::MAX)).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_files_for_the_pack() {
        for (wanted, files, connections) in [
            (4_096, 1_048_576, 4_096),
            (4_096, 4_224, 4_096),
            (4_096, 1_024, 896),
            (4_096, 64, 32),
            (4_096, 0, 1),
            (10, 1_024, 10),
        ] {
            assert_eq!(possible(wanted, files), connections, "{wanted} of {files}");
        }
    }
}
