// A picture file on its way to the server: small ones as they are, large photos made smaller first.

const LARGEST_SENT = 2 ** 20;       // bytes
const LARGEST_SEEN = 60_000_000;    // pixels; a photo beyond this is not even decoded
const PHOTO_SIDE = 1024;
const EXACT_SIDE = 17 * 28;         // odd for each of 28, so that the middle of each is again the middle of a pixel

class FileProblem extends Error {}  // its message is the name of a hint

// Exact: no pixel is averaged with another. What is noise would be smoothed away on the way otherwise.
async function readyToSend(file, exact, shrink = file.size > LARGEST_SENT) {
  if (file.size > 50 * LARGEST_SENT) throw new FileProblem('heavy');
  return inBase64(shrink ? await smaller(file, exact) : file);
}

const inBase64 = async (blob) => toBase64(new Uint8Array(await blob.arrayBuffer()));

const smaller = (file, exact) => withPhoto(file, (photo) => {
  const { naturalWidth: width, naturalHeight: height } = photo;
  const scale = Math.min(1, (exact ? EXACT_SIDE : PHOTO_SIDE) / Math.max(width, height));
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width: Math.ceil(width * scale), height: Math.ceil(height * scale) });
  const context = canvas.getContext('2d');
  Object.assign(context, { imageSmoothingEnabled: !exact, imageSmoothingQuality: 'high' });
  context.drawImage(photo, 0, 0, canvas.width, canvas.height);
  return exact ? encoded(canvas, 'image/png') : compressed(canvas);  // exact fits, even where nothing shrinks
});

async function compressed(canvas) {
  const webp = await encoded(canvas, 'image/webp');  // keeps transparency; Safari writes a PNG instead
  return webp.size <= LARGEST_SENT ? webp : encoded(canvas, 'image/jpeg');
}

async function withPhoto(file, use) {
  const url = URL.createObjectURL(file);
  try {
    const photo = await headerOf(url);
    if (photo.naturalWidth * photo.naturalHeight > LARGEST_SEEN) throw new FileProblem('large');
    return await use(photo);
  } finally {
    URL.revokeObjectURL(url);
  }
}

const encoded = (canvas, type) => new Promise((done) => canvas.toBlob(done, type, 0.9));

function headerOf(url) {
  return new Promise((done, failed) => {
    const photo = new Image();
    photo.onload = () => done(photo);
    photo.onerror = () => failed(new FileProblem('unreadable'));
    photo.src = url;
  });
}

// By button, by drag and drop, by paste.
function onPicture(root, button, input, take) {
  button.addEventListener('click', () => input.click());
  input.addEventListener('change', () => {
    if (input.files[0]) take(input.files[0]);
    input.value = '';  // the same file can be chosen again
  });
  const takeHere = (file) => { if (file && root.offsetParent) take(file); };  // only while the tab is open
  // Anywhere on the page: a file that misses its mark would be opened in place of the page, and the drawing lost.
  document.addEventListener('dragover', (event) => { if (carriesFiles(event)) event.preventDefault(); });
  document.addEventListener('drop', (event) => {
    if (event.defaultPrevented || !carriesFiles(event)) return;
    event.preventDefault();
    takeHere(event.dataTransfer.files[0]);
  });
  document.addEventListener('paste', (event) => takeHere(event.clipboardData?.files[0]));
}

const carriesFiles = (event) => Boolean(event.dataTransfer?.types.includes('Files'));
