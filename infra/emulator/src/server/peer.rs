//! The user behind a connection from this machine, as the system's table of sockets tells it.
//!
//! Some interfaces know no credentials: Lambda's Runtime API, and the pages of this machine. They serve the user who
//! runs the emulator, and nobody else. A system without `/proc/net/tcp` (macOS) tells no users, so every program of the
//! machine is served there.

use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::fs::MetadataExt;

/// Whether a connection between two loopback addresses was opened by our own user or by root.
pub(crate) fn is_ours(peer: SocketAddr, local_port: u16) -> bool {
    let SocketAddr::V4(from) = peer else { return true };
    let tables = ["/proc/net/tcp", "/proc/net/tcp6"].map(|table| std::fs::read_to_string(table).ok());
    let (Ok(own), [Some(v4), v6]) = (std::fs::metadata("/proc/self"), tables) else { return true };
    let owner = owner(&v4, *from.ip(), from.port(), local_port)
        .or_else(|| owner(&v6.unwrap_or_default(), *from.ip(), from.port(), local_port));
    // A client that has closed its end already has no owner, and gets no answer either.
    owner.is_some_and(|owner| owner == own.uid() || owner == 0)
}

/// The user id of the socket at `ip:port` that is connected to `remote_port`, by the text of one table.
fn owner(table: &str, ip: Ipv4Addr, port: u16, remote_port: u16) -> Option<u32> {
    // The kernel prints the four bytes as one number of the machine. Those of IPv6 stand before them.
    let local = format!("{:08X}:{port:04X}", u32::from_ne_bytes(ip.octets()));
    let remote = format!(":{remote_port:04X}");
    table.lines().skip(1).find_map(|line| {
        let fields: Vec<&str> = line.split_whitespace().take(8).collect();
        let [_, from, to, .., user] = fields.as_slice() else { return None };
        (from.ends_with(&local) && to.ends_with(&remote)).then(|| user.parse().ok())?
    })
}

#[cfg(test)]
mod tests {
    use std::net::{TcpListener, TcpStream};

    use super::*;

    const TABLE: &str =
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 11 1 0000000000000000 100 0 0
   1: 0100007F:D431 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1001        0 12 1 0000000000000000 20 4 30
   2: 0100007F:1F90 0100007F:D431 01 00000000:00000000 00:00000000 00000000  1000        0 13 1 0000000000000000 20 4 30
";

    #[test]
    #[cfg(target_endian = "little")]
    fn the_owner_of_the_other_end_is_found() {
        assert_eq!(owner(TABLE, Ipv4Addr::LOCALHOST, 0xd431, 0x1f90), Some(1_001));
        assert_eq!(owner(TABLE, Ipv4Addr::LOCALHOST, 0xd431, 0x1f91), None);
        assert_eq!(owner(TABLE, Ipv4Addr::LOCALHOST, 0xd432, 0x1f90), None);
        let v6 = TABLE.replace(" 0100007F", " 0000000000000000FFFF00000100007F");
        assert_eq!(owner(&v6, Ipv4Addr::LOCALHOST, 0xd431, 0x1f90), Some(1_001));
    }

    #[test]
    fn our_own_connection_is_ours() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let client = TcpStream::connect(("127.0.0.1", port)).unwrap();
        let (_server, peer) = listener.accept().unwrap();
        assert_eq!(peer, client.local_addr().unwrap());
        assert!(is_ours(peer, port));
        if std::path::Path::new("/proc/net/tcp").exists() {
            let nobody = SocketAddr::from(([127, 0, 0, 1], 1));
            assert!(!is_ours(nobody, port), "there is no such connection");
        }
    }
}
