// A picture file on its way to the server: small ones as they are, large photos made smaller first.

const LARGEST_SENT = 2 ** 20;       // bytes
const LARGEST_SEEN = 60_000_000;    // pixels; a photo beyond this is not even decoded
const PHOTO_SIDE = 1024;

class FileProblem extends Error {}  // its message is the name of a hint

async function readyToSend(file, shrink = file.size > LARGEST_SENT) {
  if (file.size > 50 * LARGEST_SENT) throw new FileProblem('heavy');
  return toBase64(new Uint8Array(await (shrink ? await smaller(file) : file).arrayBuffer()));
}

async function smaller(file) {
  const url = URL.createObjectURL(file);
  try {
    const photo = await headerOf(url);
    const { naturalWidth: width, naturalHeight: height } = photo;
    if (width * height > LARGEST_SEEN) throw new FileProblem('large');
    const scale = Math.min(1, PHOTO_SIDE / Math.max(width, height));
    const canvas = document.createElement('canvas');
    Object.assign(canvas, { width: Math.ceil(width * scale), height: Math.ceil(height * scale) });
    const context = canvas.getContext('2d');
    context.imageSmoothingQuality = 'high';
    context.drawImage(photo, 0, 0, canvas.width, canvas.height);
    const webp = await encoded(canvas, 'image/webp');  // keeps transparency; Safari writes a PNG instead
    return webp.size <= LARGEST_SENT ? webp : await encoded(canvas, 'image/jpeg');
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
function onPicture(root, canvas, button, input, take) {
  button.addEventListener('click', () => input.click());
  input.addEventListener('change', () => {
    if (input.files[0]) take(input.files[0]);
    input.value = '';  // the same file can be chosen again
  });
  canvas.addEventListener('dragover', (event) => event.preventDefault());
  canvas.addEventListener('drop', (event) => {
    event.preventDefault();
    if (event.dataTransfer.files[0]) take(event.dataTransfer.files[0]);
  });
  document.addEventListener('paste', (event) => {
    const file = event.clipboardData?.files[0];
    if (file && root.offsetParent) take(file);  // only while the tab is open
  });
}
