"""A Flask app behind gunicorn, which finds $PORT by itself."""

import os

from flask import Flask

app = Flask(__name__)


@app.get("/")
def hello():
    return f"Hello from {os.environ['DYNO']}, process {os.getpid()}\n"
