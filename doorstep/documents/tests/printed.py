"""Looking into a printed paper."""

import io
from typing import Any

from PIL import Image
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject


def opened(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def words(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in opened(pdf).pages)


def fonts(pdf: bytes) -> list[DictionaryObject]:
    found = {}
    for page in opened(pdf).pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            descriptor = (
                font.get_object()["/DescendantFonts"][0]
                .get_object()["/FontDescriptor"]
                .get_object()
            )
            found[descriptor["/FontName"]] = descriptor
    return list(found.values())


def tags(pdf: bytes) -> list[str]:
    def walk(node: Any) -> Any:
        node = node.get_object() if isinstance(node, IndirectObject) else node
        for child in node if isinstance(node, ArrayObject) else []:
            yield from walk(child)
        if isinstance(node, DictionaryObject):
            if "/S" in node:
                yield str(node["/S"]) + (f" {node['/Alt']}" if "/Alt" in node else "")
            yield from walk(node.get("/K", ArrayObject()))

    return list(walk(opened(pdf).trailer["/Root"]["/StructTreeRoot"]))  # type: ignore[index]


def png(width: int = 300, height: int = 100, color: str = "purple") -> bytes:
    file = io.BytesIO()
    Image.new("RGBA", (width, height), color).save(file, "PNG")
    return file.getvalue()
