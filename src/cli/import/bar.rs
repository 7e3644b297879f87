//! The bar of an import on a terminal: rows read, how fast, and the time left over both readings.

use std::{
    io::IsTerminal,
    time::{Duration, Instant},
};

use indicatif::{HumanCount, HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::{
    catalog::readers::{Progress, byte_size},
    import::{ImportError, Job, Report},
};

/// Readings of a file in an import.
const READINGS: u64 = 2;

/// Runs the job; shows a bar meanwhile where there is a terminal.
pub(super) fn run(job: &Job) -> Result<Report, ImportError> {
    let progress = Progress::default();
    if !std::io::stderr().is_terminal() {
        return job.run(&progress);
    }
    let size = byte_size(&job.input);
    let bar = ProgressBar::with_draw_target(Some(READINGS * size), ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{prefix} {wide_bar} {msg}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    let result = std::thread::scope(|scope| {
        let run = scope.spawn(|| job.run(&progress));
        let mut pace = Pace::new(size, Instant::now());
        while !run.is_finished() {
            let seen = pace.see(&progress, Instant::now());
            bar.set_prefix(seen.what);
            bar.set_message(seen.to_string());
            bar.set_position(seen.bytes);
            std::thread::sleep(Duration::from_millis(100));
        }
        run.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    });
    bar.finish_and_clear();
    result
}

/// What is known of the speed of the reading under way.
struct Pace {
    size: u64,
    reading: u64,
    began: Instant,
    bytes_before: u64,
    rows_before: u64,
}

/// What the bar shows.
#[derive(Debug, PartialEq)]
struct Seen {
    what: &'static str,
    /// Of both readings.
    bytes: u64,
    /// Of the reading under way.
    rows: u64,
    rows_per_s: f64,
    bytes_per_s: f64,
    left: Option<Duration>,
}

impl Pace {
    const fn new(size: u64, now: Instant) -> Self {
        Self {
            size,
            reading: 0,
            began: now,
            bytes_before: 0,
            rows_before: 0,
        }
    }

    /// The rate is that of the reading under way, for the two do different work: the first reading assumes that the
    /// second will be as fast as it is, and the second knows better.
    fn see(&mut self, progress: &Progress, now: Instant) -> Seen {
        let (reading, bytes, rows) = (progress.readings(), progress.bytes(), progress.rows());
        if reading != self.reading {
            (self.reading, self.began) = (reading, now);
            (self.bytes_before, self.rows_before) = (bytes, rows);
        }
        let (bytes, rows) = (bytes - self.bytes_before, rows - self.rows_before);
        let seconds = now.duration_since(self.began).as_secs_f64().max(1e-3);
        let (rows_per_s, bytes_per_s) = (rows as f64 / seconds, bytes as f64 / seconds);
        let bytes = bytes.min(self.size);
        let to_read = self
            .size
            .saturating_mul(READINGS.saturating_sub(reading))
            .saturating_sub(bytes);
        let is_known = bytes > 0 && seconds >= 1.0 && to_read > 0;
        Seen {
            what: match reading {
                0 => "1/3 looking",
                1 => "2/3 converting",
                _ => "3/3 checking the pack",
            },
            bytes: (self.size.saturating_mul(reading.min(READINGS)) + bytes).min(READINGS * self.size),
            rows,
            rows_per_s,
            bytes_per_s,
            left: is_known.then(|| Duration::from_secs_f64(to_read as f64 / bytes_per_s)),
        }
    }
}

impl std::fmt::Display for Seen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.rows == 0 {
            return Ok(());
        }
        let (rows, rate) = (HumanCount(self.rows), HumanCount(self.rows_per_s as u64));
        write!(f, "{rows} rows, {rate} rows/s, {:.1} MB/s", self.bytes_per_s / 1e6)?;
        self.left
            .map_or(Ok(()), |left| write!(f, ", {} left", HumanDuration(left)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is left by a reading's own pace.
    fn left(seen: &Seen) -> Option<f64> {
        seen.left.map(|left| left.as_secs_f64().round())
    }

    #[test]
    fn the_time_left_counts_both_readings_and_follows_the_one_under_way() {
        let began = Instant::now();
        let at = |seconds| began + Duration::from_secs(seconds);
        let progress = Progress::default();
        let mut pace = Pace::new(1_000, began);
        assert_eq!(left(&pace.see(&progress, at(5))), None, "nothing is known yet");

        progress.count_bytes(500);
        for _ in 0..50 {
            progress.count_row();
        }
        let seen = pace.see(&progress, at(10));
        assert_eq!((seen.what, seen.bytes, left(&seen)), ("1/3 looking", 500, Some(30.0)));
        assert_eq!((seen.rows, seen.rows_per_s, seen.bytes_per_s), (50, 5.0, 50.0));

        progress.count_bytes(500);
        progress.count_reading();
        assert_eq!(pace.see(&progress, at(20)).bytes, 1_000);
        progress.count_bytes(100);
        for _ in 0..10 {
            progress.count_row();
        }
        let slower = pace.see(&progress, at(30));
        assert_eq!(
            (slower.what, slower.bytes, left(&slower)),
            ("2/3 converting", 1_100, Some(90.0))
        );
        let words = slower.to_string();
        assert!(
            words.starts_with("10 rows, 1 rows/s, 0.0 MB/s, ") && words.ends_with(" left"),
            "{words}"
        );

        progress.count_bytes(900);
        progress.count_reading();
        let checking = pace.see(&progress, at(120));
        assert_eq!(
            (checking.bytes, left(&checking)),
            (2_000, None),
            "how long that takes is not known"
        );
    }
}
