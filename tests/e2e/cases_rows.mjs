// The rows of `script/formats --cases DIR`: files with which people had trouble, in a folder that is not kept here, and
// what must come out. Each has its like among formats_rows.mjs, made by script; these are the very files.
// spots: what the picture shows, as [x, y, red, green, blue] with x and y as shares of its sides.
// same: every pixel is as the file has it, as far as a grid of 16x16 shows; a JPEG cannot be.
// tolerance: the largest delta-E of a spot.

const cases = (folder, make) => (file, type, more = {}) =>
  ({ from: "cases", file: `${folder}/${file}`, type, ...make, ...more });

const image = { profile: "image", tolerance: 12 };
const film = { profile: "video", size: [320, 180], measured: true, within: 0.1 };
const sound = { profile: "audio", measured: true, within: 0.1, made: ["audio.m4a", "waveform.json", "waveform.webp"] };
const text = { profile: "document" };
const table = { made: ["sheet-1.csv"] };

// Red, green and blue columns with a yellow box in the middle, 96x64.
const columns = [[0.1, 0.16, 220, 30, 30], [0.9, 0.16, 30, 60, 220], [0.5, 0.5, 250, 240, 120]];
const plain = { ...image, size: [96, 64], spots: columns };
// Inks have no exact colour without a profile.
const inks = { ...image, tolerance: 45, spots: [[0.08, 0.5, 255, 0, 0], [0.25, 0.5, 0, 255, 0], [0.42, 0.5, 0, 0, 255], [0.58, 0.5, 0, 0, 0], [0.75, 0.5, 255, 255, 255], [0.92, 0.5, 255, 127, 0]] };
// Blue sky, a red house, a yellow sun.
const scene = { ...image, size: [400, 300], spots: [[0.4, 0.1, 91, 140, 200], [0.19, 0.56, 191, 60, 51], [0.8, 0.17, 244, 227, 88]] };
const turned = { ...image, size: [300, 400], orientation: 6, spots: scene.spots.map(([x, y, ...rgb]) => [1 - y, x, ...rgb]) };

const bmp = cases("bmp-32bit-x", plain);
const cmyk = cases("cmyk-variants", inks);
const cut = cases("image-tail-missing", scene);
const other = cases("images-other", plain);
const office = cases("office-other", text);
const packages = cases("packages-with-preview", { profile: "document" });
const pdf = cases("pdf-eof", text);
const psd = cases("psd-zip-layers", plain);
const sounds = cases("sound-other", sound);
const charsets = cases("text-encodings", text);
const odd = cases("text-one-odd-byte", text);
const tiff = cases("tiff-maker-subifd", plain);
const short = cases("ts-one-gop", film);
const adpcm = cases("wav-adpcm-duration", sound);
const zips = cases("zip-names", { profile: "other", made: ["listing.json"] });
const german = /Grüße aus München, Straße, Öl, 50 €/;
const russian = /Привет, мир! Это обычный текстовый файл/;
const japanese = /これは日本語のテキストファイルです。メモ帳で保存しました。/;

export const rows = [
  cases("apng", image)("dot.png", "image/png", { size: [64, 64], frames: 4, made: ["animation.webp"] }),
  cases("avif-clap", image)("clap.avif", "image/avif", { size: [160, 120], spots: [[0.5, 0.2, 91, 140, 200], [0.5, 0.97, 61, 139, 60]] }),
  bmp("rgb32-x0.bmp", "image/bmp"),
  bmp("rgb32-bitfields-bgrx.bmp", "image/bmp"),
  cmyk("cmyk-adobe.jpg", "image/jpeg", { size: [240, 160] }),
  cmyk("cmyk-noadobe.jpg", "image/jpeg", { size: [240, 160] }),
  cmyk("c-noicc-jpeg.tif", "image/tiff", { size: [96, 64] }),
  cmyk("cmyk-alpha.tif", "image/tiff", { size: [96, 64], spots: [[0.1, 0.1, 255, 0, 0], [0.5, 0.1, 0, 255, 0], [0.9, 0.1, 0, 0, 255]] }),
  cases("docx-cjk", text)("cjk.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", { text: /中文文档测试[^]*日本語の文書テスト。東京タワー。[^]*한국어 문서 시험입니다\./ }),
  cases("docx-cjk", text)("cjk.txt", "text/plain", { text: /中文文档测试[^]*東京タワー/ }),
  cases("heic-exif-orientation", turned)("exif6noirot.heic", "image/heic"),
  cases("heic-exif-orientation", turned)("exif6.avif", "image/avif"),
  cut("jpg-no-eoi.jpg", "image/jpeg", { damage: null }),
  cut("jpg-cut-90.jpg", "image/jpeg", { damage: "incomplete" }),
  cut("png-cut.png", "image/png", { damage: "incomplete" }),
  cut("gif-cut.gif", "image/gif", { damage: "incomplete" }),
  // A quarter of its rows is there.
  cut("webp-cut.webp", "image/webp", { damage: "incomplete", spots: [scene.spots[0], scene.spots[2]] }),
  other("plain.ico", "image/vnd.microsoft.icon"),
  other("plain.jxl", "image/jxl"),
  other("plain.ppm", "image/x-portable-pixmap"),
  other("plain.tga", "image/x-tga"),
  office("own.xlsb", "application/vnd.ms-excel.sheet.binary.macroenabled.12", { text: /apples\s+12\.5[^]*pears\s+7/, ...table }),
  office("plain.odg", "application/vnd.oasis.opendocument.graphics", { pages: 1 }),
  office("plain.wmf", "image/wmf", { pages: 1 }),
  packages("own.pages", "application/vnd.apple.pages", { preview: [320, 240] }),
  packages("own.key", "application/vnd.apple.keynote", { preview: [320, 240] }),
  pdf("pdf-ok.pdf", "application/pdf", { pages: 3, text: /Page 1/ }),
  pdf("pdf-trail.pdf", "application/pdf", { pages: 3, text: /Page 1/ }),
  psd("psdzip.psd", "image/vnd.adobe.photoshop"),
  psd("psdzip2.psd", "image/vnd.adobe.photoshop"),
  cases("raw-no-preview", image)("nopreview.dng", "image/x-adobe-dng", { size: [64, 48] }),
  sounds("s.wv", "audio/x-wavpack", { sound: "wavpack", seconds: 2 }),
  sounds("s.tta", "audio/x-tta", { sound: "tta", seconds: 2 }),
  sounds("s.au", "audio/basic", { sound: "pcm_s16be", seconds: 2 }),
  sounds("s.ac3", "audio/ac3", { sound: "ac3", seconds: 2 }),
  sounds("v2.wma", "audio/x-ms-wma", { sound: "wmav2", seconds: 2 }),
  cases("svg-dropshadow", image)("svg-shadow.svg", "image/svg+xml", { spots: [[0.5, 0.5, 255, 0, 0]] }),
  charsets("txt-ru1251.txt", "text/plain", { text: russian }),
  charsets("txt-rukoi8.txt", "text/plain", { text: russian }),
  charsets("txt-pl1250.txt", "text/plain", { text: /Zażółć gęślą jaźń\. Proszę zapłacić/ }),
  charsets("txt-el1253.txt", "text/plain", { text: /Καλημέρα κόσμε\. Αυτό είναι/ }),
  charsets("txt-he1255.txt", "text/plain", { text: /שלום עולם\. זהו קובץ טקסט פשוט/ }),
  charsets("txt-ar1256.txt", "text/plain", { text: /مرحبا بالعالم\. هذا ملف نصي/ }),
  charsets("txt-sjis.txt", "text/plain", { text: japanese }),
  charsets("txt-eucjp.txt", "text/plain", { text: japanese }),
  charsets("txt-gb18030.txt", "text/plain", { text: /这是一个普通的文本文件,用记事本保存。/ }),
  charsets("txt-big5.txt", "text/plain", { text: /這是一個普通的文字檔案。台北、高雄。/ }),
  // One line again and again, with three commas in it: as much a table as a text.
  charsets("txt-utf16nobom.txt", "text/csv", { text: german }),
  charsets("txt-utf32-bom.txt", "text/csv", { text: german }),
  charsets("csv-ru1251.csv", "text/csv", { text: /Имя;Город;Сумма/ }),
  charsets("csv-sjis.csv", "text/csv", { text: /名前,都市,金額/ }),
  charsets("csv-utf16.csv", "text/csv", { text: /Имя;Город;Сумма/ }),
  odd("csv-ctrlz.csv", "text/csv", { text: /item 3,3\.50/ }),
  odd("csv-nul.csv", "text/csv", { text: /item 3,3\.50/ }),
  odd("txt-nul.txt", "text/plain", { text: /Log line 3/ }),
  odd("txt-bell.txt", "text/plain", { text: /Line two/ }),
  odd("txt-backspace.txt", "text/plain", { text: /ls - list/ }),
  odd("utf8-onebad.txt", "text/plain", { text: /schöne Straße/ }),
  tiff("nikon-subifd.tif", "image/tiff"),
  tiff("canon-subifd.tif", "image/tiff"),
  cases("tiny-lossy", image)("pixelart16.png", "image/png", { size: [16, 16], same: true, tolerance: 2 }),
  short("v-2.5.ts", "video/mp2t", { codec: "h264", sound: "aac", seconds: 2.5 }),
  short("v.m2ts", "video/mp2t", { codec: "h264", sound: "ac3", seconds: 2 }),
  short("v-1.flv", "video/x-flv", { codec: "h264", sound: "aac", seconds: 1.05 }),
  short("v2-0.5.mpg", "video/mpeg", { codec: "mpeg2video", sound: "mp2", seconds: 0.5 }),
  adpcm("wav-ima.wav", "audio/wav", { sound: "adpcm_ima_wav", seconds: 4 }),
  adpcm("wav-adpcmms.wav", "audio/wav", { sound: "adpcm_ms", seconds: 4 }),
  cases("webm-no-duration", film)("live.webm", "video/webm", { codec: "vp8", seconds: 3, made: ["sprite.jpg", "sprite.vtt", "motion.webp"] }),
  zips("zip-sjis.zip", "application/zip", { names: ["写真/東京タワー.txt", "会議の議事録.txt"] }),
  zips("zip-cp866.zip", "application/zip", { names: ["Документы/Отчёт.txt", "Письмо.txt"] }),
];
