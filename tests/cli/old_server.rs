//! A server that is too old is refused by name. None is installed anywhere any more, so one is
//! played: it lets everybody in and answers the program's first question as version 13 would
//! (PostgreSQL's manual, "Message Formats").

use std::io::{self, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};

use crate::clinic::Clinic;

/// What the program asks first, as an old server answers it.
const ANSWERS: [&[u8]; 5] = [b"130014", b"13.14", b"UTF8", b"on", b"7"];

/// A message: its kind, its length with itself, its body.
fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len() + 4).unwrap().to_be_bytes();
    [&[kind][..], &length, body].concat()
}

/// Reads one message behind so many bytes, and drops it.
fn skip(stream: &mut TcpStream, before: usize) -> io::Result<()> {
    let mut head = vec![0; before + 4];
    stream.read_exact(&mut head)?;
    let length = head.last_chunk::<4>().map(|bytes| u32::from_be_bytes(*bytes)).unwrap();
    stream.read_exact(&mut vec![0; length as usize - 4])
}

fn serve(mut stream: TcpStream) -> io::Result<()> {
    skip(&mut stream, 0)?;
    let ready = message(b'Z', b"I");
    let welcome = [
        message(b'R', &0_u32.to_be_bytes()),
        message(b'S', b"server_version\x0013.14\0"),
        message(b'K', &[0; 8]),
        ready.clone(),
    ];
    stream.write_all(&welcome.concat())?;
    skip(&mut stream, 1)?;
    let count = u16::try_from(ANSWERS.len()).unwrap().to_be_bytes();
    // Each column: a name, no table, the type text of any length, as text.
    let column = b"c\0\0\0\0\0\0\0\0\0\0\x19\xff\xff\xff\xff\xff\xff\0\0";
    let cell = |text: &&[u8]| [&(text.len() as u32).to_be_bytes(), *text].concat();
    let cells: Vec<Vec<u8>> = ANSWERS.iter().map(cell).collect();
    let answer = [
        message(b'T', &[&count[..], &column.repeat(ANSWERS.len())].concat()),
        message(b'D', &[&count[..], &cells.concat()].concat()),
        message(b'C', b"SELECT 1\0"),
        ready,
    ];
    stream.write_all(&answer.concat())?;
    // Until the program hangs up.
    stream.read_to_end(&mut Vec::new()).map(drop)
}

#[test]
fn a_server_before_version_14_is_refused_by_name() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            // Whoever hangs up early was refused early.
            let _ = serve(stream);
        }
    });
    let clinic = Clinic::without_book();
    let url = format!("postgres://eva@127.0.0.1:{port}/clinics");
    let lines = [
        format!("stock --book '{url}?schema=clinic_a'"),
        format!("books --book '{url}'"),
        format!(
            "init --clinic Lind --zone Europe/Berlin --currency EUR --manager ana \
             --book '{url}?schema=clinic_a'"
        ),
    ];
    for line in lines {
        let output = clinic.run(&line);
        let told = "error: the server is PostgreSQL 13.14, and a book needs 14 or newer\n\
                    hint: use a newer server\n";
        assert_eq!((output.code, output.stderr.as_str()), (4, told), "{line}");
        assert!(output.stdout.is_empty(), "{output}");
    }
}
