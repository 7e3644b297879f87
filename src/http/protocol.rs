//! Which protocol a client speaks on a connection that has no TLS: HTTP/2 where it begins with that protocol's preface
//! ("prior knowledge", RFC 9113, section 3.3), else HTTP/1.1.

use std::{io, time::Duration};

use tokio::{
    net::TcpStream,
    time::{sleep, timeout},
};

/// The connection preface of HTTP/2 (RFC 9113, section 3.4).
const PREFACE: &[u8; 24] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// How long to wait for the rest of a preface that came in pieces: looking does not take the bytes away, so that the
/// system would wake us at once.
const PAUSE: Duration = Duration::from_millis(5);

/// What a client speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Protocol {
    Http1,
    Http2,
}

/// Looks at a connection's first bytes without taking them; `None` where the client closes or sends nothing that
/// decides it within the limit.
pub(super) async fn spoken(stream: &TcpStream, limit: Duration) -> Option<Protocol> {
    timeout(limit, look(stream)).await.ok()?.ok().flatten()
}

async fn look(stream: &TcpStream) -> io::Result<Option<Protocol>> {
    let mut first = [0; PREFACE.len()];
    loop {
        let seen = stream.peek(&mut first).await?;
        if seen == 0 {
            return Ok(None);
        }
        if first[..seen] != PREFACE[..seen] {
            return Ok(Some(Protocol::Http1));
        }
        if seen == PREFACE.len() {
            return Ok(Some(Protocol::Http2));
        }
        sleep(PAUSE).await;
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use tokio::{net::TcpListener, runtime::Builder};

    use super::*;

    /// What is made of bytes that come piece by piece.
    fn said(pieces: &[&[u8]]) -> Option<Protocol> {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let mut client = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
            let (stream, _) = listener.accept().await.unwrap();
            let pieces: Vec<Vec<u8>> = pieces.iter().map(|piece| piece.to_vec()).collect();
            let writing = tokio::task::spawn_blocking(move || {
                for piece in pieces {
                    client.write_all(&piece).unwrap();
                    std::thread::sleep(PAUSE * 4);
                }
                client
            });
            let spoken = spoken(&stream, Duration::from_millis(400)).await;
            drop(writing.await.unwrap());
            spoken
        })
    }

    #[test]
    fn the_preface_decides_in_whatever_pieces_it_comes() {
        assert_eq!(said(&[PREFACE]), Some(Protocol::Http2));
        assert_eq!(
            said(&[&PREFACE[..3], &PREFACE[3..20], &PREFACE[20..]]),
            Some(Protocol::Http2)
        );
        assert_eq!(said(&[b"GET / HTTP/1.1\r\n"]), Some(Protocol::Http1));
        assert_eq!(said(&[b"P", b"OST / HTTP/1.1\r\n"]), Some(Protocol::Http1));
    }

    #[test]
    fn who_says_nothing_is_not_waited_for() {
        assert_eq!(said(&[]), None);
        assert_eq!(said(&[&PREFACE[..10]]), None);
    }
}
