"""Hands messages over by SMTP: send.py FOLDER, where N.json is the envelope of N.eml."""

import concurrent.futures
import json
import pathlib
import smtplib
import sys


def hand_over(file):
    envelope = json.loads(file.read_text())
    with smtplib.SMTP("127.0.0.1", envelope["port"], "client.example.com") as client:
        client.ehlo()
        # Not client.mail and client.rcpt, which mend addresses.
        commands = [f"MAIL FROM:<{envelope['sender']}>"]
        commands += [f"RCPT TO:<{recipient}>" for recipient in envelope["recipients"]]
        for command in commands:
            code, answer = client.docmd(command)
            assert code == 250, (command, answer)
        code, answer = client.data(file.with_suffix(".eml").read_bytes())
        assert code == 250, (file, answer)


files = sorted(pathlib.Path(sys.argv[1]).glob("*.json"))
with concurrent.futures.ThreadPoolExecutor(4) as pool:
    print(len(list(pool.map(hand_over, files))))
