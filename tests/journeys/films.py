"""What a phone's camera sees, as a film that Chromium takes for its camera: printed things held at a slant, out of focus, in poor light."""

from __future__ import annotations

import base64
from pathlib import Path

import numpy as np

WIDTH, HEIGHT, RATE = 640, 480, 10

# A picture, `side` dots wide, turned by `angle` degrees and leaning back by `lean`, before something dark; its light as octets.
DRAW = """async ([png, width, height, side, angle, lean, blur]) => {
    const picture = new Image();
    picture.src = "data:image/png;base64," + png;
    await picture.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#566";
    pen.fillRect(0, 0, width, height);
    pen.filter = `blur(${blur}px)`;
    pen.translate(width / 2, height / 2);
    pen.rotate(angle * Math.PI / 180);
    const high = side * picture.height / picture.width;
    for (let row = 0; row < picture.height; row++) {
        const wide = side * (1 - lean * (1 - row / picture.height));
        pen.drawImage(picture, 0, row, picture.width, 1, -wide / 2, -high / 2 + row * high / picture.height, wide, high / picture.height + 1);
    }
    const { data } = pen.getImageData(0, 0, width, height);
    let text = "";
    for (let at = 0; at < data.length; at += 4) text += String.fromCharCode((data[at] * 299 + data[at + 1] * 587 + data[at + 2] * 114) / 1000);
    return btoa(text);
}"""


def shoot(page, png: bytes, *, side: int, angle: float = 0, lean: float = 0.0, blur: float = 0.0) -> np.ndarray:
    """`png` as the camera sees it, `(HEIGHT, WIDTH)` of light 0 to 255; drawn on `page`, which has to allow pictures from data."""
    given = [base64.b64encode(png).decode(), WIDTH, HEIGHT, side, angle, lean, blur]
    return np.frombuffer(base64.b64decode(page.evaluate(DRAW, given)), np.uint8).reshape(HEIGHT, WIDTH)


def film(path: Path, scenes: list[tuple[np.ndarray | None, float]], *, noise: float = 12, seed: int = 1) -> Path:
    """A film (YUV4MPEG2, grey) of `scenes`, each a picture or None for a dark pocket, and for how many seconds; it begins anew at its end.

    `noise` is the grain of poor light, as a standard deviation of 0 to 255.
    """
    chance = np.random.default_rng(seed)
    grey = bytes([128]) * (WIDTH * HEIGHT // 2)
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{RATE}:1 Ip A1:1 C420jpeg\n".encode())
        for picture, seconds in scenes:
            seen = np.full((HEIGHT, WIDTH), 20.0) if picture is None else picture * 0.8 + 20
            for _ in range(round(seconds * RATE)):
                grain = chance.normal(0, noise, (HEIGHT, WIDTH))
                file.write(b"FRAME\n" + np.clip(seen + grain, 0, 255).astype(np.uint8).tobytes() + grey)
    return path
