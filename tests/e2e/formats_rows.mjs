// The format table: each input and what must come out. `corpus` is tests/data/formats.sh, `data` tests/data/make.sh.
// made: renditions that must be among those it gets, besides what each profile always gets.
// names: those that the list of an archive has.
// damage: what the record says of it; null: nothing.
// colour: the largest delta-E of the four quarters in previews and pictures made of it; it also tells how the picture lies.

const image = (file, type, more = {}) =>
  ({ from: "corpus", file, profile: "image", type, size: [800, 600], colour: 6, ...more });
const film = (file, type, codec, sound, more = {}) =>
  ({ from: "corpus", file, profile: "video", type, codec, sound, size: [640, 360], seconds: 3, colour: 12, made: ["sprite.jpg", "sprite.vtt", "motion.webp"], ...more });
const sound = (file, type, codec, more = {}) =>
  ({ from: "corpus", file, profile: "audio", type, sound: codec, seconds: 4, made: ["audio.m4a", "waveform.json", "waveform.webp"], ...more });
const document = (file, type, text, more = {}) => ({ from: "data", file, profile: "document", type, text, ...more });
const other = (from, file, type) => ({ from, file, profile: "other", type });
const archive = (from, file, type) => ({ ...other(from, file, type), made: ["listing.json"] });
const refused = (from, file, profile, type, code) => ({ from, file, profile, type, code });

const unfinished = { colour: undefined, damage: "incomplete" };

const office = "application/vnd.openxmlformats-officedocument";
const open = "application/vnd.oasis.opendocument";
const sheets = { made: ["sheet-1.csv"] };
const corpus = { from: "corpus" };
const ships = /keeper counted \**4217/;

export const rows = [
  ...[1, 2, 3, 4, 5, 6, 7, 8].map((o) => image(`exif-${o}.jpg`, "image/jpeg", { size: [4032, 3024], orientation: o })),
  image("baseline.jpg", "image/jpeg"),
  image("progressive.jpg", "image/jpeg"),
  image("cmyk.jpg", "image/jpeg", { colour: 25 }), // without a profile its inks have no exact colour
  image("gray.jpg", "image/jpeg", { colour: undefined }),
  image("rgb8.png", "image/png"),
  image("rgb16.png", "image/png"),
  image("alpha.png", "image/png"),
  image("palette.png", "image/png"),
  image("interlaced.png", "image/png"),
  image("animated.apng", "image/png", { made: ["animation.webp"] }),
  image("still.webp", "image/webp"),
  image("lossless.webp", "image/webp"),
  image("animated.webp", "image/webp", { made: ["animation.webp"] }),
  image("still.gif", "image/gif"),
  image("animated.gif", "image/gif", { made: ["animation.webp"] }),
  image("plain.tif", "image/tiff"),
  image("deep.tif", "image/tiff"),
  image("pages.tif", "image/tiff", { made: ["page-2.webp", "page-3.webp"] }),
  image("photo.heic", "image/heic"),
  image("photo.avif", "image/avif"),
  image("plain.bmp", "image/bmp"),
  image("merged.psd", "image/vnd.adobe.photoshop"),
  image("photo.jp2", "image/jp2"),
  image("plain.tga", "image/x-tga"),
  image("linear.exr", "image/x-exr"),
  image("bright.hdr", "image/vnd.radiance"),
  image("drawing.svg", "image/svg+xml"),
  image("camera.dng", "image/x-adobe-dng", { orientation: 6 }),
  image("camera.cr2", "image/x-canon-cr2"),
  image("camera.raf", "image/x-fuji-raf"),
  image("sensor.dng", "image/x-adobe-dng", { size: [64, 48], colour: undefined }),

  image("opaque.bmp", "image/bmp"),
  image("runs.bmp", "image/bmp"),
  image("inks-jpeg.tif", "image/tiff", { colour: 25 }),
  image("inks-alpha.tif", "image/tiff", { colour: 25 }),
  image("exif-turned.heic", "image/heic", { orientation: 6 }),
  image("exif-turned.avif", "image/avif", { orientation: 6 }),
  image("pixels.png", "image/png", { size: [16, 16], colour: 1 }),
  image("unmarked-end.jpg", "image/jpeg", { damage: null }),
  image("unmarked-end.png", "image/png", { damage: null }),
  image("unmarked-end.gif", "image/gif", { damage: null }),
  image("cut-baseline.jpg", "image/jpeg", unfinished),
  image("cut-rgb8.png", "image/png", unfinished),
  image("cut-still.gif", "image/gif", unfinished),
  image("cut-still.webp", "image/webp", unfinished),
  image("cut-lossless.webp", "image/webp", unfinished),
  image("icon.ico", "image/vnd.microsoft.icon", { size: [256, 192] }),
  image("photo.jxl", "image/jxl"),
  image("picture.qoi", "image/qoi"),
  image("plain.ppm", "image/x-portable-pixmap"),
  image("text.ppm", "image/x-portable-pixmap"),
  image("plain.pam", "image/x-portable-anymap"),
  image("version1.tga", "image/x-tga"),
  image("packed.tga", "image/x-tga"),
  image("layers.psd", "image/vnd.adobe.photoshop"),
  image("packed.svgz", "image/svg+xml-compressed"),
  image("shadow.svg", "image/svg+xml"),

  film("h264-aac.mp4", "video/mp4", "h264", "aac"),
  film("faststart.mp4", "video/mp4", "h264", "aac"),
  film("fragmented.mp4", "video/mp4", "h264", "aac"),
  film("h264-pcm.mov", "video/quicktime", "h264", "pcm_s16le"),
  film("prores.mov", "video/quicktime", "prores", "pcm_s16le"),
  film("hevc.mp4", "video/mp4", "hevc", "aac"),
  film("hevc.mkv", "video/x-matroska", "hevc", "opus"),
  film("av1.mp4", "video/mp4", "av1", "opus"),
  film("av1.webm", "video/webm", "av1", "opus"),
  film("vp8.webm", "video/webm", "vp8", "vorbis"),
  film("vp9.webm", "video/webm", "vp9", "opus"),
  film("mpeg4-mp3.avi", "video/x-msvideo", "mpeg4", "mp3"),
  film("mjpeg.avi", "video/x-msvideo", "mjpeg", "pcm_s16le"),
  film("h264.ts", "video/mp2t", "h264", "aac"),
  film("mpeg2.ts", "video/mp2t", "mpeg2video", "mp2"),
  film("mpeg2.mpg", "video/mpeg", "mpeg2video", "mp2"),
  film("theora.ogv", "video/ogg", "theora", "vorbis"),
  film("h264.flv", "video/x-flv", "h264", "aac"),
  film("msmpeg4.wmv", "video/x-ms-asf", "msmpeg4v3", "wmav2"),
  film("silent.mp4", "video/mp4", "h264", undefined),
  film("two-tracks.mkv", "video/x-matroska", "h264", "aac"),
  film("subtitles.mkv", "video/x-matroska", "h264", "aac", { made: ["subtitles-1.vtt"] }),
  film("odd.webm", "video/webm", "vp9", undefined, { size: [321, 241], seconds: 2 }),
  film("vfr.mp4", "video/mp4", "h264", "aac"),
  film("interlaced.ts", "video/mp2t", "mpeg2video", "mp2"),
  // PQ, mapped to a plain screen: white stays near white, and what is brighter finds its room below it.
  film("hdr.mp4", "video/mp4", "hevc", undefined, { colour: 17 }),
  film("turned-90.mp4", "video/mp4", "h264", undefined, { size: [360, 640], seconds: 2 }),
  film("turned-180.mp4", "video/mp4", "h264", undefined, { seconds: 2 }),
  film("turned-270.mp4", "video/mp4", "h264", undefined, { size: [360, 640], seconds: 2 }),

  sound("pcm.wav", "audio/wav", "pcm_s16le"),
  sound("deep.wav", "audio/wav", "pcm_s24le"),
  sound("sound.mp3", "audio/mpeg", "mp3"),
  sound("sound.m4a", "audio/mp4", "aac"),
  sound("lossless.m4a", "audio/mp4", "alac"),
  sound("sound.aac", "audio/aac", "aac"),
  sound("vorbis.ogg", "audio/ogg", "vorbis"),
  sound("opus.ogg", "audio/ogg", "opus"),
  sound("sound.flac", "audio/flac", "flac"),
  sound("sound.aiff", "audio/aiff", "pcm_s16be"),
  sound("sound.webm", "audio/webm", "opus"),
  sound("sound.mka", "audio/x-matroska", "flac"),
  sound("sound.caf", "audio/x-caf", "alac"),

  document("report.pdf", "application/pdf", ships, { pages: 12 }),
  refused("data", "encrypted.pdf", "document", "application/pdf", "password_protected"),
  refused("data", "truncated.pdf", "document", "application/pdf", "corrupt_media"),
  document("letter.docx", `${office}.wordprocessingml.document`, ships),
  document("sheet.xlsx", `${office}.spreadsheetml.sheet`, /Fresnel lens/, sheets),
  document("slides.pptx", `${office}.presentationml.presentation`, /slide 3/, { pages: 3 }),
  document("text.odt", `${open}.text`, ships),
  document("table.ods", `${open}.spreadsheet`, /Fresnel lens/, sheets),
  document("deck.odp", `${open}.presentation`, /slide 3/, { pages: 3 }),
  document("old.doc", "application/msword", ships),
  document("old.xls", "application/vnd.ms-excel", /Fresnel lens/, sheets),
  document("note.rtf", "application/rtf", /\w+/),
  document("notes.txt", "text/plain", /Grüße aus Łódź, 東京/),
  document("table.csv", "text/csv", /Keeper 120,Helgoland/),
  document("table.tsv", undefined, /Keeper 40/, { from: "corpus" }),
  document("log.md", undefined, ships, { from: "corpus" }),
  document("utf16.txt", "text/plain", ships, { from: "corpus" }),
  ...["windows.txt", "dos.txt", "unix.txt", "unmarked16.txt"].map((file) => document(file, "text/plain", /Смотритель насчитал 4217 кораблей до рассвета/, corpus)),
  ...["shift.txt", "mail.txt", "wide.txt"].map((file) => document(file, "text/plain", /灯台守は夜明けまでに/, corpus)),
  ...["windows.csv", "wide.csv"].map((file) => document(file, "text/csv", /Ольга;Казань;200,00/, corpus)),
  document("shift.csv", "text/csv", /花子,大阪,200/, corpus),
  document("people.csv", "text/csv", /Eve,"a ""quote""",9/, corpus),
  document("stated.csv", "text/csv", /Ann;5/, corpus),
  document("ctrl-z.csv", "text/csv", /Bob,7\n$/, corpus),
  document("crashed.log", "text/plain", /ships\.\nAnd then he slept/, corpus),
  document("scripts.docx", `${office}.wordprocessingml.document`, /中文文档测试:北京、上海、广州。\n日本語の文書テスト。\n한국어 문서 시험입니다.\nनमस्ते สวัสดี مرحبا 🚢\nPlain/, corpus),
  document("slip.txt", "text/plain", /Küste \uFFFD von Köln/, corpus),

  archive("data", "bundle.zip", "application/zip"),
  { ...archive("corpus", "dos.zip", "application/zip"), names: ["Документы/Отчёт.txt", "Привет.txt"] },
  { ...archive("corpus", "shift.zip", "application/zip"), names: ["写真/東京タワー.txt", "会議の議事録.txt"] },
  other("corpus", "book.epub", "application/epub+zip"),
  archive("corpus", "tree.tar", "application/x-tar"),
  archive("corpus", "tree.tar.gz", "application/gzip"),
  archive("corpus", "tree.tar.bz2", "application/x-bzip2"),
  archive("corpus", "tree.tar.xz", "application/x-xz"),
  other("data", "data.bin", "application/octet-stream"),
  other("data", "empty.dat", "application/octet-stream"),
];
