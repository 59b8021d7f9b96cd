//! The server as its clients meet it: a real ledger in a folder, real sockets, real signatures. One binary; the files
//! follow the routes and the operator's commands.

#![allow(clippy::unwrap_used)]

mod audit;
mod batches;
mod behalf;
mod commands;
mod connections;
mod device;
mod enrolment;
mod erasure;
mod extract;
mod feed;
mod mistakes;
mod photos;
mod register;
mod restored;
mod routes;
mod server;
mod stick;
mod tls;
mod uploads;
