#!/usr/bin/env bats
# shellcheck disable=SC2154
# Checkpoints that others of the staff put their names under.

load helper

ask() { sqlite3 -readonly "$PEN_STORE/pen.db" "$1"; }
newest() { ask "SELECT $1 FROM journal ORDER BY at DESC LIMIT 1"; }
cosigners() { pen-verify journal --since "$1" -f ndjson | jq -r 'select(.type == "summary") | .cosigned | "\(.checked)|\(.unchecked)"'; }

# Time and signature of somebody's line in a note, to time and line.sig.
take_line() {
	grep -a "^— pen/330100/$2 " "$1" | sed 's/.* //' | base64 -d >line
	time=$((16#$(od -An -tx1 -j4 -N8 line | tr -d ' \n')))
	tail -c +13 line >line.sig
	{ printf 'cosignature/v1\ntime %s\n' "$time"; sed -n '1,/^$/p' "$1" | sed '$d'; } >line.txt
}

@test "a checkpoint is cosigned by others, each an entry, and verification says by whom" {
	make_store
	pen-seal checkpoint --as sys1 --log-key "$XDG_CONFIG_HOME/pen/log-330100.pem" >log.txt
	pen-seal cosign log.txt --as auditor1 >one.txt
	[ "$(newest "act || '|' || staff || '|' || subject")" = "seal.cosign|auditor1|checkpoint $(sed -n 2p log.txt)" ]
	pen-seal cosign one.txt --as head1 >two.txt
	[ "$(head -n "$(wc -l <log.txt)" two.txt)" = "$(cat log.txt)" ]
	[ "$(cosigners log.txt)" = 'null|null' ]
	[ "$(cosigners two.txt)" = 'pen/330100/auditor1 pen/330100/head1|null' ]
	pen-verify -q --since two.txt
}

@test "openssl checks a cosignature under sm2-sm3 and under ed25519-sha256" {
	make_store
	pen-seal checkpoint >log.txt
	pen-seal cosign log.txt --as auditor1 >one.txt
	take_line one.txt auditor1
	[ "$((time - $(date +%s) < 60 && $(date +%s) - time < 60))" = 1 ]
	openssl dgst -sm3 -sigopt distid:1234567812345678 -verify "$XDG_CONFIG_HOME/pen/auditor1.pub" -signature line.sig line.txt
	rm -rf store "$XDG_CONFIG_HOME"
	make_store ed25519-sha256
	pen-seal checkpoint >log.txt
	pen-seal cosign log.txt --as auditor1 >one.txt
	take_line one.txt auditor1
	openssl pkeyutl -verify -pubin -inkey "$XDG_CONFIG_HOME/pen/auditor1.pub" -rawin -in line.txt -sigfile line.sig
	# C2SP: the id is the digest of name, LF, 0x04 and the 32 bytes of the key.
	openssl pkey -pubin -in "$XDG_CONFIG_HOME/pen/auditor1.pub" -outform DER | tail -c 32 >raw
	[ "$(head -c 4 line | od -An -tx1 | tr -d ' ')" = "$({ printf 'pen/330100/auditor1\n\4'; cat raw; } | sha256sum | cut -c1-8)" ]
}

@test "the same again changes nothing" {
	make_store
	pen-seal checkpoint >log.txt
	pen-seal cosign log.txt --as auditor1 >one.txt
	before=$(newest at)
	pen-seal cosign one.txt --as auditor1 | cmp - one.txt
	[ "$(newest at)" = "$before" ]
}

@test "an older checkpoint than one cosigned already is refused to the same person" {
	make_store
	pen-seal checkpoint >old.txt
	pen-seal checkpoint >new.txt
	pen-seal cosign new.txt --as auditor1 -q
	refuses 3 pen-seal cosign old.txt --as auditor1
	[[ $message == *'[R8.1] (cosign.older)' ]]
	[ "$(newest 'act || staff')" = refusedauditor1 ]
	pen-seal cosign old.txt --as head1 -q
}

@test "a checkpoint of another journal, or changed, is not cosigned, and the attempt is entered" {
	make_store
	pen-seal checkpoint >log.txt
	sed '2s/.*/3/' log.txt >changed.txt
	refuses 5 pen-seal cosign changed.txt --as auditor1
	[[ $message == *'[R8.1] (note.signature)' ]]
	[ "$(newest act)" = refused ]
	refuses 4 pen-seal cosign /dev/null --as auditor1
	# Entries taken out with their nodes: the store goes on, and nobody vouches for it.
	sqlite3 store/pen.db "DROP TRIGGER journal_stays_d; DELETE FROM journal WHERE at >= 3;
		DELETE FROM journal_node WHERE ((number + 1) << level) > 3"
	sed -i '' log.txt
	refuses 5 pen-seal cosign log.txt --as head1
	[[ $message == *'[R8.1] (cosign.root)' ]]
}

@test "a cosignature that was changed is found, one of a stranger is said not to be checked" {
	make_store
	pen-seal checkpoint >log.txt
	pen-seal cosign log.txt --as auditor1 >one.txt
	# The key that replaced the auditor's takes nothing from what was cosigned before.
	openssl genpkey -algorithm SM2 -out new.pem 2>/dev/null
	openssl pkey -in new.pem -pubout -out new.pub
	pen-admin staff add auditor1 --role auditor --public-key new.pub --as head1 -q
	[ "$(cosigners one.txt)" = 'pen/330100/auditor1|null' ]
	{ cat one.txt; echo '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM='; } >two.txt
	[ "$(cosigners two.txt)" = 'pen/330100/auditor1|PeterNeumann' ]
	take_line one.txt auditor1
	{ head -c 8 line; printf '\0\0\0\1'; cat line.sig; } | base64 -w0 >other
	{ cat log.txt; echo "— pen/330100/auditor1 $(cat other)"; } >forged.txt
	run -5 pen-verify journal --since forged.txt -f ndjson
	[[ $(jq -r 'select(.type == "finding") | .rule + " " + .record' <<<"${output%$'\n'*}") == "journal.checkpoint the cosignature of auditor1 on forged.txt" ]]
}

@test "on a copy nothing is cosigned" {
	make_store
	pen-seal checkpoint >log.txt
	touch store/restored
	refuses 3 pen-seal cosign log.txt --as auditor1
	[[ $message == *'(store.copy)' ]]
}
