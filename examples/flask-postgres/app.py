"""A guest book: a Flask app whose entries are rows in PostgreSQL."""

import os
from contextlib import contextmanager
from urllib.parse import unquote, urlparse

import psycopg2
from flask import Flask, request

app = Flask(__name__)


def database_settings():
    """The settings that DATABASE_URL stands for, as dj-database-url reads it."""
    url = urlparse(os.environ["DATABASE_URL"])
    return {
        "host": url.hostname,
        "port": url.port or 5432,
        "user": unquote(url.username),
        "password": unquote(url.password),
        "dbname": url.path[1:],
        # TLS, without a check of the certificate: Heroku's is self-signed.
        "sslmode": os.environ.get("PGSSLMODE", "require"),
    }


@contextmanager
def cursor():
    """A cursor in a transaction of its own."""
    connection = psycopg2.connect(**database_settings())
    try:
        with connection, connection.cursor() as one:
            yield one
    finally:
        connection.close()


def migrate():
    """Makes the table. Runs before each release goes live."""
    if "DATABASE_URL" not in os.environ:
        print("No DATABASE_URL yet")
        return
    with cursor() as one:
        one.execute("create table if not exists entries (id serial primary key, text text not null)")
    print("The table is there")


@app.post("/")
def write():
    with cursor() as one:
        one.execute("insert into entries (text) values (%s) returning id", [request.form["text"]])
        return f"Entry {one.fetchone()[0]}\n", 201


@app.get("/")
def read():
    with cursor() as one:
        one.execute("select text from entries order by id")
        return "".join(f"{text}\n" for (text,) in one.fetchall())


if __name__ == "__main__":
    migrate()
