"""A Flask app behind uWSGI, laid out as many Heroku apps are."""

import os

from flask import Flask

app = Flask(__name__)


@app.get("/")
def hello():
    return f"Hello from {os.environ['DYNO']}, process {os.getpid()}\n"
