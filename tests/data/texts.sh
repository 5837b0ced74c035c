# shellcheck shell=bash
# The texts and archives of tests/data/formats.sh, which reads this in.

# Texts as older systems wrote them, and such as have an odd byte.
old_texts() {
  local russian='Смотритель насчитал 4217 кораблей до рассвета.\nМаяк стоит на скале, и свет его виден далеко.\n'
  local japanese='灯台守は夜明けまでに四千二百十七隻の船を数えました。\n東京、大阪、京都。\n'
  # shellcheck disable=SC2059 # they are formats
  {
    printf "$russian" | iconv -t CP1251 >windows.txt
    printf "$russian" | iconv -t CP866 >dos.txt
    printf "$russian" | iconv -t KOI8-R >unix.txt
    printf "$japanese" | iconv -t CP932 >shift.txt
    printf "$japanese" | iconv -t ISO-2022-JP >mail.txt
    printf "$russian" | iconv -t UTF-16LE >unmarked16.txt
    printf "$japanese" | iconv -t UTF-32 >wide.txt
  }
  printf 'Имя;Город;Сумма\r\nИван;Москва;100,50\r\nОльга;Казань;200,00\r\n' | iconv -t CP1251 >windows.csv
  printf 'Имя;Город;Сумма\r\nИван;Москва;100,50\r\nОльга;Казань;200,00\r\n' | iconv -t UTF-16 >wide.csv
  printf '名前,都市,金額\r\n太郎,東京,100\r\n花子,大阪,200\r\n' | iconv -t CP932 >shift.csv
  printf 'Sales of May\n\nname,note,sum\nAnn,"two\nlines",5\nBob,7\nEve,"a ""quote""",9\n' >people.csv
  printf 'sep=;\nname;sum\nAnn;5\n' >stated.csv
  printf 'name,sum\r\nAnn,5\r\nBob,7\r\n\032' >ctrl-z.csv
  printf 'The keeper counted 4217 ships.\n\0\0\0\0\0\0And then he slept.\nAll night.\n' >crashed.log
  printf 'Die Küste \377 von Köln: 4217 Schiffe, gezählt in der Nacht, für den Wärter.\n' >slip.txt
  python3 - <<'END'
import struct, zipfile, zlib
def archive(file, charset, names):  # a ZIP without the flag of UTF-8, as older programs write it
    local, central = b"", b""
    for name in names:
        raw, data = name.encode(charset), b"hello"
        fields = (0, 0, 0, 33, zlib.crc32(data), len(data), len(data), len(raw))
        central += struct.pack("<4s4B4HL2L5H2L", b"PK\1\2", 20, 0, 20, 0, *fields, 0, 0, 0, 0, 0, len(local)) + raw
        local += struct.pack("<4sH4HL2L2H", b"PK\3\4", 20, *fields, 0) + raw + data
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, len(names), len(names), len(central), len(local), 0)
    open(file, "wb").write(local + central + end)
archive("dos.zip", "cp866", ["Документы/Отчёт.txt", "Привет.txt"])
archive("shift.zip", "cp932", ["写真/東京タワー.txt", "会議の議事録.txt"])
lines = ["中文文档测试:北京、上海、广州。", "日本語の文書テスト。", "한국어 문서 시험입니다.", "नमस्ते สวัสดี مرحبا 🚢", "Plain English line."]
with zipfile.ZipFile("scripts.docx", "w") as out:  # none of its letters need a font to be in text.txt
    office, package = "http://schemas.openxmlformats.org/officeDocument/2006/relationships", "http://schemas.openxmlformats.org/package/2006/"
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    out.writestr("[Content_Types].xml", f'<Types xmlns="{package}content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="{main}"/></Types>')
    out.writestr("_rels/.rels", f'<Relationships xmlns="{package}relationships"><Relationship Id="r1" Type="{office}/officeDocument" Target="word/document.xml"/></Relationships>')
    text = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines)
    out.writestr("word/document.xml", f'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{text}</w:body></w:document>')
END
}

texts() {
  printf 'name\tamount\n' >table.tsv
  for i in $(seq 1 40); do printf 'Keeper %s\t%s\n' "$i" $((i * 37)); done >>table.tsv
  printf '# The log\n\nThe keeper counted **4217** ships.\n\n- one\n- two\n' >log.md
  printf 'The keeper counted 4217 ships before dawn.\r\n' | iconv -t UTF-16 >utf16.txt
  old_texts
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
