//! A Postfix of the test's own: its configuration, queue and data in a temporary directory, on a
//! port of the loopback interface that nobody uses.
//!
//! Mail to `maildir@example.com` goes into a maildir, mail to `mailbox@example.com` into a mailbox
//! file, and what is for another domain to the host that [`Settings::next_hop`] names. A test of a
//! content filter adds services to `master.cf`.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::PathBuf;
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::peer::is_there;

/// The user that mail is delivered as: nobody.
const USER: u32 = 65534;

/// How long a delivery may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// The mailboxes, if a test has no others.
const MAILBOXES: &str = "virtual_mailbox_domains = example.com\n\
                         virtual_mailbox_maps = inline:{ {maildir@example.com = maildir/} \
                         {mailbox@example.com = mailbox} }\n";

/// What a test changes.
#[derive(Default)]
pub(crate) struct Settings<'a> {
    /// The port on loopback where mail for other domains goes.
    pub(crate) next_hop: Option<u16>,
    /// More lines of `main.cf`.
    pub(crate) main: &'a str,
    /// More lines of `master.cf`.
    pub(crate) services: &'a str,
    /// Whether a user with the group [`SUBMITTERS`] may hand over mail with sendmail(1).
    pub(crate) sendmail: bool,
}

/// The group of postdrop(1), which sendmail(1) runs.
///
/// It trusts the configuration directory of an instance that /etc/postfix/main.cf does not name only
/// if it is not set-gid, in effect: if whoever runs it has the group already. But pipe(8) runs nothing
/// under the group that its configuration names, so that one names another.
pub(crate) const SUBMITTERS: &str = "postdrop";

/// A running instance. It ends with the value.
pub(crate) struct Postfix {
    directory: TempDir,
    port: u16,
}

impl Postfix {
    /// Starts one, or `None` where there is no Postfix, or no right to start it: the test then
    /// returns.
    pub(crate) fn start(settings: &Settings<'_>) -> Option<Postfix> {
        if !Postfix::can_start() {
            return None;
        }
        let postfix = Postfix {
            directory: tempfile::tempdir().unwrap(),
            port: free_port(),
        };
        postfix.configure(settings);
        if settings.sendmail {
            postfix.control("check");
            let queue = postfix.directory.path().join("queue");
            let folders = [queue.join("maildrop"), queue.join("public")];
            let run = Command::new("chgrp").arg(SUBMITTERS).args(folders).status();
            assert!(run.unwrap().success());
        }
        postfix.control("start");
        Some(postfix)
    }

    /// Whether there is a Postfix, and the right to start it.
    pub(crate) fn can_start() -> bool {
        let version = Command::new("postconf")
            .args(["-d", "mail_version"])
            .output();
        let found = version.is_ok_and(|output| output.status.success());
        let directory = tempfile::tempdir().unwrap();
        let is_root = std::fs::metadata(directory.path()).unwrap().uid() == 0;
        is_there("postfix", found) && is_there("the right to start postfix", is_root)
    }

    fn configure(&self, settings: &Settings<'_>) {
        let place = self.directory.path();
        std::fs::set_permissions(place, std::fs::Permissions::from_mode(0o755)).unwrap();
        for name in ["etc", "queue", "data", "mail"] {
            std::fs::create_dir(place.join(name)).unwrap();
        }
        let line = Command::new("id").args(["-u", "postfix"]).output().unwrap();
        let owner: u32 = String::from_utf8(line.stdout)
            .unwrap()
            .trim()
            .parse()
            .unwrap();
        chown(place.join("data"), Some(owner), None).unwrap();
        chown(place.join("mail"), Some(USER), Some(USER)).unwrap();
        let (place, port) = (place.display(), self.port);
        let next_hop = settings
            .next_hop
            .map(|port| format!("relayhost = [127.0.0.1]:{port}\n"));
        let mailboxes = match settings.main.contains("virtual_mailbox_maps") {
            true => "",
            false => MAILBOXES,
        };
        let group = match settings.sendmail {
            true => "setgid_group = mail\n",
            false => "",
        };
        let main = format!(
            "compatibility_level = 3.6\nqueue_directory = {place}/queue\n\
             data_directory = {place}/data\nmaillog_file = {place}/log\n\
             maillog_file_prefixes = {place}\nmyhostname = mx.example.com\nmydestination =\n\
             inet_interfaces = 127.0.0.1\ninet_protocols = ipv4\nalias_maps =\nalias_database =\n\
             mynetworks = 127.0.0.0/8\nsmtpd_relay_restrictions = permit_mynetworks, reject\n\
             {mailboxes}virtual_mailbox_base = {place}/mail\nvirtual_uid_maps = static:{USER}\n\
             virtual_gid_maps = static:{USER}\n{}{group}{}",
            next_hop.unwrap_or_default(),
            settings.main
        );
        // A qmgr that finds a message while its last delivery is ending forgets it until it wakes up.
        let master = format!(
            "127.0.0.1:{port} inet n - n - - smtpd\ncleanup unix n - n - 0 cleanup\n\
             qmgr unix n - n 5 1 qmgr\nrewrite unix - - n - - trivial-rewrite\n\
             bounce unix - - n - 0 bounce\ndefer unix - - n - 0 bounce\n\
             trace unix - - n - 0 bounce\nproxymap unix - - n - - proxymap\n\
             pickup unix n - n 60 1 pickup\nsmtp unix - - n - - smtp\nretry unix - - n - - error\n\
             error unix - - n - - error\ndiscard unix - - n - - discard\n\
             showq unix n - n - - showq\nvirtual unix - n n - - virtual\nanvil unix - - n - 1 anvil\n\
             postlog unix-dgram n - n - 1 postlogd\n{}",
            settings.services
        );
        let etc = self.directory.path().join("etc");
        std::fs::write(etc.join("main.cf"), main).unwrap();
        std::fs::write(etc.join("master.cf"), master).unwrap();
    }

    /// Runs `postfix` on this instance alone.
    fn control(&self, verb: &str) {
        let etc = self.directory.path().join("etc");
        let run = Command::new("postfix")
            .arg("-c")
            .arg(etc)
            .arg(verb)
            .output()
            .unwrap();
        assert!(run.status.success(), "{}", self.log());
    }

    /// What it logged, to be shown when something fails.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.directory.path().join("log")).unwrap_or_default()
    }

    /// Where its mailboxes are.
    pub(crate) fn mailboxes(&self) -> PathBuf {
        self.directory.path().join("mail")
    }

    /// Whether no message waits for anything.
    pub(crate) fn is_idle(&self) -> bool {
        let etc = self.directory.path().join("etc");
        let run = Command::new("postqueue")
            .arg("-c")
            .arg(etc)
            .arg("-p")
            .output()
            .unwrap();
        run.stdout.starts_with(b"Mail queue is empty")
    }

    /// Hands a message over by SMTP.
    pub(crate) fn submit(&self, from: &str, to: &str, message: &[u8]) {
        let mut client = SmtpClient::connect(self.port);
        client.command("EHLO client.example.com", "250");
        client.command(&format!("MAIL FROM:<{from}> BODY=8BITMIME"), "250");
        client.command(&format!("RCPT TO:<{to}>"), "250");
        client.command("DATA", "354");
        client.data(message);
        client.command("QUIT", "221");
    }

    /// Takes the next message out of the maildir.
    pub(crate) fn delivered(&self) -> Vec<u8> {
        let folder = self.directory.path().join("mail/maildir/new");
        let path = self.wait(|| {
            let mut entries = std::fs::read_dir(&folder).ok()?;
            entries.next().map(|entry| entry.unwrap().path())
        });
        let message = std::fs::read(&path).unwrap();
        std::fs::remove_file(path).unwrap();
        message
    }

    /// Takes the message out of the mailbox file, without the line that separates messages there.
    pub(crate) fn kept(&self) -> Vec<u8> {
        let file = self.directory.path().join("mail/mailbox");
        // The empty line after a message is the last that is written.
        let complete = |octets: &Vec<u8>| octets.ends_with(b"\n\n");
        let octets = self.wait(|| std::fs::read(&file).ok().filter(complete));
        std::fs::remove_file(file).unwrap();
        assert!(octets.starts_with(b"From "));
        let start = octets.iter().position(|octet| *octet == b'\n').unwrap() + 1;
        octets[start..octets.len() - 1].to_vec()
    }

    fn wait<T>(&self, find: impl FnMut() -> Option<T>) -> T {
        wait(find).unwrap_or_else(|| panic!("nothing came: {}", self.log()))
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        let etc = self.directory.path().join("etc");
        let stop = Command::new("postfix")
            .arg("-c")
            .arg(etc)
            .arg("stop")
            .output();
        let stopped = stop.is_ok_and(|output| output.status.success());
        if !std::thread::panicking() {
            assert!(stopped, "{}", self.log());
        }
    }
}

fn wait<T>(mut find: impl FnMut() -> Option<T>) -> Option<T> {
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        if let Some(found) = find() {
            return Some(found);
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    None
}

/// A port of loopback that nobody uses.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

struct SmtpClient {
    stream: BufReader<TcpStream>,
}

impl SmtpClient {
    fn connect(port: u16) -> SmtpClient {
        let stream = wait(|| TcpStream::connect(("127.0.0.1", port)).ok()).expect("no smtpd");
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut client = SmtpClient {
            stream: BufReader::new(stream),
        };
        client.reply("220");
        client
    }

    fn command(&mut self, line: &str, code: &str) {
        write!(self.stream.get_mut(), "{line}\r\n").unwrap();
        self.reply(code);
    }

    fn reply(&mut self, code: &str) {
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line).unwrap();
            assert!(line.starts_with(code), "{line}");
            if line.as_bytes().get(3) != Some(&b'-') {
                return;
            }
        }
    }

    /// Sends a message with line ends in CRLF and protected dots (RFC 5321 section 4.5.2).
    fn data(&mut self, message: &[u8]) {
        let mut sent = Vec::new();
        for line in message.split_inclusive(|octet| *octet == b'\n') {
            if line.starts_with(b".") {
                sent.push(b'.');
            }
            let text = line.strip_suffix(b"\n").unwrap_or(line);
            sent.extend_from_slice(text.strip_suffix(b"\r").unwrap_or(text));
            sent.extend_from_slice(b"\r\n");
        }
        sent.extend_from_slice(b".\r\n");
        self.stream.get_mut().write_all(&sent).unwrap();
        self.reply("250");
    }
}

/// A host that takes one message and does not announce 8BITMIME, as old relays do not.
pub(crate) struct SevenBitHost {
    pub(crate) port: u16,
    received: Receiver<Vec<u8>>,
}

impl SevenBitHost {
    /// Listens on a free port of loopback.
    pub(crate) fn listen() -> SevenBitHost {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (sender, received) = channel();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                // Whoever listens no more has what it waited for.
                if sender.send(receive(stream.unwrap())).is_err() {
                    return;
                }
            }
        });
        SevenBitHost { port, received }
    }

    /// The next message.
    pub(crate) fn received(&self, postfix: &Postfix) -> Vec<u8> {
        let message = self.received.recv_timeout(PATIENCE);
        message.unwrap_or_else(|_| panic!("nothing came: {}", postfix.log()))
    }
}

/// Serves one session and gives the message without the dots that protect lines.
fn receive(stream: TcpStream) -> Vec<u8> {
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut stream = BufReader::new(stream);
    let mut message = Vec::new();
    let answer = |stream: &mut BufReader<TcpStream>, text: &str| {
        write!(stream.get_mut(), "{text}\r\n").unwrap();
    };
    answer(&mut stream, "220 old.example.net");
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).unwrap() == 0 {
            return message;
        }
        match line.get(..4).unwrap_or_default() {
            "DATA" => {
                answer(&mut stream, "354 go on");
                message = read_data(&mut stream);
                answer(&mut stream, "250 taken");
            }
            // Postfix does not wait for the answer.
            "QUIT" => return message,
            _ => answer(&mut stream, "250 old.example.net"),
        }
    }
}

fn read_data(stream: &mut BufReader<TcpStream>) -> Vec<u8> {
    let mut message = Vec::new();
    loop {
        let mut line = Vec::new();
        stream.read_until(b'\n', &mut line).unwrap();
        if line == b".\r\n" {
            return message;
        }
        message.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
    }
}
