// The 28×28 pictures, their scores and the reader's bars.

function toBase64(bytes) {
  let text = '';
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(text);
}

function fromBase64(text) {
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = characters.charCodeAt(i);
  return bytes;
}

function paintGrey(canvas, pixels) {
  const image = new ImageData(canvas.width, canvas.height);
  const rgba = new Uint32Array(image.data.buffer);
  for (let i = 0; i < pixels.length; i++) rgba[i] = 0xff000000 | (0x010101 * pixels[i]);
  canvas.getContext('2d').putImageData(image, 0, 0);
  return canvas;
}

function greyCanvas(side, pixels) {
  return paintGrey(Object.assign(document.createElement('canvas'), { width: side, height: side }), pixels);
}

const squareCanvas = (pixels) => greyCanvas(Math.sqrt(pixels.length), pixels);

const blank = (canvas) => canvas.getContext('2d').fillRect(0, 0, canvas.width, canvas.height);

// Ten slim bars; the tallest carries the accent.
class Bars {
  constructor(root, text) {
    this.root = root;
    this.text = text;
    root.setAttribute('role', 'img');
    root.innerHTML = '<p></p><ol></ol>';
    this.bars = Array.from({ length: 10 }, (_, digit) => {
      const item = document.createElement('li');
      item.append(document.createElement('i'), String(digit));
      root.lastChild.append(item);
      return item;
    });
    this.show(null);
  }

  show(readings) {
    const best = readings ? readings.indexOf(Math.max(...readings)) : -1;
    this.bars.forEach((bar, digit) => {
      bar.style.setProperty('--share', readings ? readings[digit] : 0);
      bar.classList.toggle('best', digit === best);
    });
    const verdict = this.verdict = readings ? `${this.text.reads} ${best} · ${Math.round(100 * readings[best])} %` : '';
    this.root.firstChild.textContent = verdict;
    this.root.setAttribute('aria-label', verdict ? `${verdict}. ${listed(readings)}` : this.text.reader_about);
  }
}

const listed = (readings) => readings.map((share, digit) => `${digit}: ${Math.round(100 * share)} %`).join(', ');

// A tile of grey noise for the slider's rail.
function noiseTile(width = 280, height = 4) {
  const pixels = Uint8Array.from({ length: width * height }, () => 40 + 180 * Math.random());
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  return `url(${paintGrey(canvas, pixels).toDataURL()})`;
}

function showScores(place, { psnr, ssim, equal }) {
  place.replaceChildren();
  if (ssim == null) return;
  place.append(
    score('PSNR', text.psnr_about, `${equal ? '∞' : psnr.toFixed(1)} dB`),
    score('SSIM', text.ssim_about, ssim.toFixed(2)),
  );
}

function score(name, about, value) {
  const term = Object.assign(document.createElement('abbr'), { textContent: name, title: about });
  const item = document.createElement('span');
  item.append(term, ` ${value}`);
  return item;
}

function savePicture(canvas, name) {
  const large = Object.assign(document.createElement('canvas'), { width: CANVAS, height: CANVAS });
  const context = large.getContext('2d');
  context.imageSmoothingEnabled = false;  // ten pixels for each: shrunk by the same ten, nothing is lost
  context.drawImage(canvas, 0, 0, CANVAS, CANVAS);
  large.toBlob((png) => {
    const anchor = Object.assign(document.createElement('a'), { href: URL.createObjectURL(png), download: name });
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(anchor.href), 60_000);  // some browsers fetch it after the click returns
  });
}
