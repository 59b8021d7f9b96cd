//! One sentence for each code that an operator may meet: what is so, and what to do.

/// What a code means; `None` for one whose cause says it.
pub fn sentence(code: &str) -> Option<&'static str> {
    Some(match code {
        "already_initialised" => "A server was made in this folder before. Use it, or give --data another folder.",
        "not_initialised" => "No server was made in this folder. Run init, or give --data the folder of one that was.",
        "server_key_missing" => {
            "The ledger is here, and server.key, which opens it, is not. Put the copy that is kept apart beside it."
        }
        "already_serving" => "Another process serves from this folder. Stop it first, or leave it to serve.",
        "folder_not_empty" => "The folder holds something already. Give a new or an empty one; nothing was written.",
        "file_exists" => "That file is there already, and is not overwritten. Give another name, or move it away.",
        "disk_full" => {
            "The disk is full. Nothing was written by halves; make room, and run the command again. Laptops keep what \
             they have and try again by themselves."
        }
        "file_failed" | "io_failed" => "The disk or the system refused; the cause stands below.",
        "plain_http_not_loopback" => {
            "Without TLS the server speaks to this machine alone: 127.0.0.1, ::1 or localhost. Use https, or leave \
             --plain-http out."
        }
        "name_wrong" => "A server's name has 1 to 100 letters that can be seen.",
        "host_wrong" => "A host is a name or an address alone, such as server.example or 10.0.0.5: no scheme, no port.",
        "server_url_wrong" => "A server's address is written https://server.example:8443, with nothing after the port.",
        "passphrase_too_short" => "An operator's passphrase has 14 characters or more: it stands alone.",
        "passphrase_too_common" => {
            "That passphrase is among the first that anyone tries. Take several words of your own."
        }
        "passphrases_equal" => "The two operators' passphrases are the same; each has one of his own.",
        "wrong_passphrase" => "One of the two passphrases is wrong. They are given in the order of init.",
        "unit_unknown" => {
            "This server has no such unit. `status` lists those it has; officer add and import-register \
                           make one."
        }
        "unit_not_listed" => "The list of communes of 2025-07-01 has no such unit. See that the code is right.",
        "officer_unknown" => "That officer is not at work in this unit. `officer list` gives the ids.",
        "officer_removed" => "That officer was taken off the list. Add him again before he gets a code.",
        "role_not_enrolled" => "Only officers and supervisors work with a laptop; this role gets no code.",
        "place_unknown" => {
            "The register's edition in force has no such hamlet or alley. Write it as the register does."
        }
        "household_unknown" => "No house of the edition in force fits. See the hamlet, or the dossier number.",
        "person_unknown" => "Neither the log nor the register of this unit has that person.",
        "correction_unknown" => "That is no approved correction of this unit; nothing was marked.",
        "device_unknown" => "No such laptop is enrolled there. `devices` lists them.",
        "quarantine_unknown" => "No batch of that name waits. `quarantine list` names them.",
        "alarm_unknown" => "No alarm has that number. `alarms` numbers them.",
        "date_wrong" => "A day is written dd/mm/yyyy, such as 31/12/2026.",
        "date_in_future" => "That day is still to come.",
        "date_in_past" => "That day is over.",
        "query_wrong" => "A value does not fit; its name stands beside the code.",
        "nothing_to_undo" => "No edition is in force, so none can be taken back.",
        "edition_missing" => "The unit has no edition yet. Import an extract.",
        "queue_file_unreadable" => {
            "This is no queue file for this server, or its head is damaged. Have the laptop write it again."
        }
        "recovery_file_damaged" => "The file is damaged, or is not what the command takes.",
        "too_busy" => "Something else changed the unit meanwhile. Run the command again.",
        "database_in_use" => "Another process holds the ledger.",
        "ledger_too_new" => "A later version wrote this ledger. Use that version.",
        "wrong_key" => "server.key does not open this ledger: they are not of one server, or the ledger is damaged.",
        "extract_wrong_header" => "See docs/register-extract.md for the columns; the JSON names each.",
        "extract_no_column_fits" => "This is no register extract, or its header row is gone.",
        "extract_not_a_spreadsheet" => {
            "An extract is CSV in UTF-8, or XLSX. This is something else: a web page, perhaps."
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::sentence;

    #[test]
    fn what_an_operator_meets_first_has_a_sentence() {
        for code in [
            "not_initialised",
            "disk_full",
            "unit_unknown",
            "date_wrong",
            "correction_unknown",
            "queue_file_unreadable",
        ] {
            assert!(sentence(code).is_some_and(|words| words.ends_with('.')), "{code}");
        }
    }
}
