//! Listening sockets of the emulator's servers.

use std::net::SocketAddr;

use tokio::net::{TcpListener, TcpSocket};

/// A listener whose connections answer at once: on Linux they inherit TCP_NODELAY.
pub(crate) fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.set_nodelay(true)?;
    socket.bind(address)?;
    socket.listen(1024)
}
