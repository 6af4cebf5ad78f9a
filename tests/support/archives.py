"""Archives of other recipe programs."""

import io
import json
import zipfile
from typing import Any


def zipped(**files: Any) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            data = content if isinstance(content, bytes) else json.dumps(content).encode()
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), data)
    return buffer.getvalue()


JSON_LD = {
    "@context": "https://schema.org", "@graph": [
        {"@type": "WebPage", "name": "x"},
        {
            "@type": ["Recipe"], "name": "Canh b&iacute; đỏ", "recipeIngredient": ["300 g bí đỏ", " 1 củ hành "],
            "recipeInstructions": [
                {"@type": "HowToSection", "name": "Nấu", "itemListElement": [
                    {"@type": "HowToStep", "text": "Gọt bí."}, {"@type": "HowToStep", "text": "<p>Nấu 20&nbsp;phút.</p>"},
                ]},
                {"@type": "HowToStep", "text": "Múc ra bát."},
            ],
            "recipeYield": ["4", "4 người"], "prepTime": "PT10M", "cookTime": "PT1H5M", "keywords": "canh, #nhanh",
            "author": [{"@type": "Person", "name": "Chị Hoa"}], "image": {"url": "https://e.com/a.jpg"}, "url": "https://e.com/a",
        },
    ],
}  # fmt: skip


NEXTCLOUD = {
    "@context": "http://schema.org", "@type": "Recipe", "id": "12", "name": "Rice", "image": "", "imageUrl": "", "tool": [],
    "recipeYield": 2, "prepTime": "PT0H5M", "keywords": "rice,quick", "recipeIngredient": ["1 cup rice"], "recipeInstructions": ["Boil."],
}  # fmt: skip
