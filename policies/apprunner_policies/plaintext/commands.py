"""Passwords in the short options and arguments of known commands."""

import re
from collections.abc import Iterator

from apprunner_policies.plaintext.lookup import Forms

_REST = r"\b[^|;&\n]{0,300}?\s"
_VALUE = r"""("[^"\n]{1,200}"|'[^'\n]{1,200}'|[^\s;&|"']{1,200})"""
COMMANDS = (
    (
        "-p of mysql",
        "mysql mariadb",
        rf"(?:mysql|mysqldump|mysqladmin|mysqlsh|mysqlimport|mariadb(?:-dump|-admin)?){_REST}-p(?=[^\s]){_VALUE}",
    ),
    ("-p after -u", "-u", rf"-u\s{{0,3}}[\w.-]{{1,64}}\s{{1,3}}-p(?=[^\s]{{0,40}}[A-Za-z])(?=[^\s]){_VALUE}"),
    ("-a of redis-cli", "redis-cli valkey-cli", rf"(?:redis|valkey)-cli{_REST}-a\s{{1,3}}{_VALUE}"),
    ("-p of sshpass", "sshpass", rf"sshpass\s{{1,3}}-p\s{{0,3}}{_VALUE}"),
    (
        "-p of a registry's login",
        "login",
        rf"(?:docker|podman|helm|nerdctl|buildah|skopeo|oras|crane)(?: registry)? (?:auth )?login"
        rf"{_REST}-p\s{{1,3}}{_VALUE}",
    ),
    (
        "-p of a database's shell",
        "mongo cqlsh clickhouse beeline az oc",
        rf"(?:mongo|mongosh|mongodump|mongorestore|cqlsh|clickhouse-client|beeline|az|oc){_REST}-p\s{{1,3}}{_VALUE}",
    ),
    (
        "-P of sqlcmd",
        "sqlcmd bcp isql tsql mssql-cli",
        rf"(?:sqlcmd|bcp|isql|tsql|mssql-cli){_REST}-P\s{{0,3}}{_VALUE}",
    ),
    ("-w of an LDAP command", "ldap", rf"ldap(?:search|modify|add|whoami|delete|passwd){_REST}-w\s{{1,3}}{_VALUE}"),
    (
        "pass: of openssl",
        "openssl",
        rf"openssl{_REST}-(?:pass|passin|passout|k)\s{{1,3}}(?:pass:)?(?!env:|file:|fd:|stdin){_VALUE}",
    ),
    ("-u of lftp", "lftp", rf"lftp{_REST}-u\s{{1,3}}[^\s,]{{1,64}},{_VALUE}"),
    ("-P of mosquitto", "mosquitto_", rf"mosquitto_(?:pub|sub|rr){_REST}-P\s{{1,3}}{_VALUE}"),
    ("the login of sqlplus", "sqlplus", rf"sqlplus\s{{1,3}}(?:-\w{{1,10}}\s{{1,3}}){{0,5}}\w{{1,64}}/{_VALUE}"),
    ("the password of Neo4j", "set-initial-password", rf"set-initial-password\s{{1,3}}{_VALUE}"),
    ("the token of ngrok", "ngrok", rf"ngrok\s{{1,3}}(?:config\s{{1,3}}add-)?authtoken\s{{1,3}}{_VALUE}"),
    ("the token of Snyk", "snyk", rf"snyk\s{{1,3}}auth\s{{1,3}}(?=[^\s]{{0,40}}[0-9]){_VALUE}"),
    ("the password of a Redis user", "user", rf"user\s{{1,3}}\S{{1,64}}\s{{1,3}}on\s{{1,3}}>{_VALUE}"),
    ("the login of HAProxy's statistics", "stats auth", rf"stats auth \S{{1,64}}?:{_VALUE}"),
    ("-a of HTTPie", "http xh", rf"(?:https?|xh){_REST}-a\s{{1,3}}[\w.@-]{{1,64}}:{_VALUE}"),
    ("-P of zip", "zip", rf"(?:zip|unzip){_REST}-P\s{{0,3}}{_VALUE}"),
    ("-p of 7z", "7z", rf"7z[ar]?{_REST}-p(?=[^\s]){_VALUE}"),
    (
        "the password of htpasswd",
        "htpasswd",
        rf"htpasswd\s{{1,3}}-\w{{0,6}}b\w{{0,6}}\s{{1,3}}\S{{1,200}}\s{{1,3}}\S{{1,64}}\s{{1,3}}{_VALUE}",
    ),
    (
        "the password of rabbitmqctl",
        "rabbitmqctl",
        rf"rabbitmqctl\s{{1,3}}(?:add_user|change_password)\s{{1,3}}\S{{1,64}}\s{{1,3}}{_VALUE}",
    ),
    (
        "the secret key of a MinIO alias",
        "mc",
        rf"mc\s{{1,3}}alias\s{{1,3}}set\s{{1,3}}\S{{1,100}}\s{{1,3}}\S{{1,255}}\s{{1,3}}\S{{1,128}}\s{{1,3}}{_VALUE}",
    ),
    (
        "the standard input of a login",
        "--password-stdin",
        rf"(?:echo|printf)\s{{1,3}}(?:-n\s{{1,3}})?{_VALUE}\s{{0,3}}\|[^|;&\n]{{1,200}}--password-stdin",
    ),
    (
        "the standard input of chpasswd",
        "chpasswd",
        r"(?:echo|printf)\s{1,3}[\"']?[\w-]{1,64}:([^\s\"']{1,200})[\"']?\s{0,3}\|\s{0,3}chpasswd",
    ),
    ("the password of Redis", "requirepass masterauth", rf"(?:requirepass|masterauth)\s{{1,3}}{_VALUE}"),
)
"""Forms (see `lookup.Form`) whose first group is the password."""
_FORMS = Forms(*COMMANDS)
_USER_OPTION = re.compile(
    r"""(?<![\w-])(?:-[a-zA-Z]{0,8}[uU]|--user|--proxy-user|--creds|--userpwd)(?:=|\s{0,3})["']?([\w.@{}\\-]{0,100})["']?:["']?([^\s"']{1,200})"""
)
_PLAIN = re.compile(r"[a-z]+")
_CLIENT = re.compile(r"://|\bcurl\b|\bwget\b")
_CONTAINER = re.compile(r"\b(?:docker|podman|nerdctl)\s{1,3}(?:run|exec|create)\b|\bsu-exec\b|\bgosu\b")
_SMB_USER = re.compile(r"\bsmbclient\b[^|;&\n]{0,200}?\s-U\s{0,3}[\w.\\-]{1,64}%([^\s\"']{1,200})")


def passwords(text: str) -> Iterator[tuple[str, str, int]]:
    """Yield the option or argument that has a password, the password and where it is."""
    for what, form in _FORMS.matching(text):
        for match in form.finditer(text):
            yield what, match[1].strip("\"'"), match.start()
    for match in _USER_OPTION.finditer(text):
        # --user 1000:1000 is a user and a group, and -u main:app of another command than curl is no login.
        is_login = _CLIENT.search(text) or not _PLAIN.fullmatch(match[2])
        if is_login and not (match[2].isdecimal() or _CONTAINER.search(text)):
            yield "the option for user:password", match[2], match.start()
    for match in _SMB_USER.finditer(text):
        yield "-U of smbclient", match[1], match.start()
