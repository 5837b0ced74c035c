# shellcheck shell=bash
# Part of formats.sh: sounds, texts, books and archives.

sounds() {
  ff -f lavfi -i "sine=f=440:r=44100:d=4" -af "volume='0.3+0.7*mod(t,2)/2':eval=frame" -ac 2 master.wav
  cp master.wav pcm.wav
  ff -i master.wav -c:a pcm_s24le deep.wav
  ff -i master.wav -c:a libmp3lame sound.mp3
  ff -i master.wav -c:a aac sound.m4a
  ff -i master.wav -c:a alac lossless.m4a
  ff -i master.wav -c:a aac -f adts sound.aac
  ff -i master.wav -c:a libvorbis vorbis.ogg
  ff -i master.wav -c:a libopus opus.ogg
  ff -i master.wav sound.flac
  ff -i master.wav sound.aiff
  ff -i master.wav -c:a libopus sound.webm
  ff -i master.wav -c:a flac sound.mka
  ff -i master.wav -c:a alac sound.caf
  local kind
  for kind in wv tta au w64 ac3 eac3 mp2 wma; do ff -i master.wav "sound.$kind"; done
  ff -i master.wav -strict -2 -c:a dca sound.dts
  ff -i master.wav -ac 1 -ar 8000 -c:a adpcm_ima_wav ima.wav
  ff -i master.wav -c:a adpcm_ms ms.wav
  rm master.wav
}

texts() {
  printf 'name\tamount\n' >table.tsv
  for i in $(seq 1 40); do printf 'Keeper %s\t%s\n' "$i" $((i * 37)); done >>table.tsv
  printf '# The log\n\nThe keeper counted **4217** ships.\n\n- one\n- two\n' >log.md
  printf 'The keeper counted 4217 ships before dawn.\r\n' | iconv -t UTF-16 >utf16.txt
  mkdir -p book/META-INF
  printf 'application/epub+zip' >book/mimetype
  printf '<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>' >book/META-INF/container.xml
  printf '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="i"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="i">x</dc:identifier><dc:title>The keeper</dc:title><dc:language>en</dc:language></metadata><manifest><item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="a"/></spine></package>' >book/book.opf
  printf '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head><body><p>The keeper counted 4217 ships.</p></body></html>' >book/a.xhtml
  (cd book && zip -qX0 ../book.epub mimetype && zip -qXr9 ../book.epub META-INF book.opf a.xhtml)
  convert q.png -resize 400x300 -quality 90 book/cover.jpg
  sed -i 's|<manifest>|<manifest><item id="c" href="cover.jpg" media-type="image/jpeg" properties="cover-image"/>|' book/book.opf
  (cd book && zip -qX0 ../covered.epub mimetype && zip -qXr9 ../covered.epub META-INF book.opf a.xhtml cover.jpg)
  # What Apple's programs put around their own archives, which are empty here.
  mkdir -p apple/Index
  cp book/cover.jpg apple/preview.jpg
  printf '\0\x04\0\0\x03\x08abc' >apple/Index/Document.iwa
  (cd apple && zip -qXr0 ../own.pages Index preview.jpg)
  cp apple/Index/Document.iwa apple/Index/Slide.iwa
  (cd apple && zip -qXr0 ../own.key Index preview.jpg)
  rm -r apple
  tar -C book -czf tree.tar.gz .
  tar -C book -cJf tree.tar.xz .
  tar -C book -cjf tree.tar.bz2 .
  tar -C book -cf tree.tar .
  rm -r book
}
