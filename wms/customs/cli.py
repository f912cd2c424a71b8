"""`wms customs …`: look at files of customs, and print what the field table says."""

import json
import sys
from pathlib import Path

import click

from wms.customs import checking
from wms.customs.codecs import handbook, xsd
from wms.customs.codecs.parsing import MAX_BYTES
from wms.web.messages import LANGUAGES


@click.group("customs")
def commands() -> None:
    """Look at messages of customs; nothing here needs a database."""


@commands.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, allow_dash=True))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a file, a line each.")
@click.option("--language", type=click.Choice(LANGUAGES), default="zh", show_default=True)
@click.pass_context
def check(ctx: click.Context, files: tuple[Path, ...], as_json: bool, language: str) -> None:
    """Say what FILES are (`-` is standard input, a folder all in it) and what is found in them.

    Ends with 0 when all are clean, 1 with findings, 2 when one is no message at all.
    """
    worst = checking.CLEAN
    for path in checking.below(files):
        if path == Path("-"):
            looked = checking.look("-", sys.stdin.buffer.read(MAX_BYTES + 1))
        else:
            looked = checking.look_at(path)
        worst = max(worst, looked.verdict)
        if as_json:
            click.echo(json.dumps(looked.facts(), ensure_ascii=False))
        else:
            click.echo("\n".join(checking.lines(looked, language)))
    ctx.exit(worst)


@commands.command("xsd")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def schemas(folder: Path) -> None:
    """Write our schema of every message into FOLDER."""
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for name, text in xsd.files():
        (folder / name).write_text(text, encoding="utf-8")
        count += 1
    click.echo(f"{folder}: {count} schemas")


@commands.command("messages")
def messages() -> None:
    """Print the field table: what docs/reference/customs-messages.md holds."""
    click.echo(handbook.text(), nl=False)
