# shellcheck shell=bash disable=SC2154
# Part of make.sh: documents, made by LibreOffice from sources written here.

# Each run of LibreOffice has a private profile: two that share one wait for or disturb each other.
# office <extension[:filter[:options]]> <source>…
office() {
  local target=$1
  shift
  timeout -k 1 120 soffice "-env:UserInstallation=file://$work/profile" --headless --norestore --nologo \
    --convert-to "$target" --outdir "$work/documents" "$@" >/dev/null 2>"$work/office.log" \
    || { cat "$work/office.log" >&2; return 1; }
}

flat_head() {
  cat <<END
<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
  xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
  xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
  xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0"
  office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.$1">
<office:meta><dc:title>$2</dc:title><meta:initial-creator>The Keepers</meta:initial-creator><dc:creator>The Keepers</dc:creator></office:meta>
<office:automatic-styles>
<style:style style:name="break" style:family="paragraph"><style:paragraph-properties fo:break-before="page"/></style:style>
<style:style style:name="big" style:family="text"><style:text-properties fo:font-size="24pt" fo:font-weight="bold"/></style:style>
</office:automatic-styles><office:body>
END
}

# text_pages <title> <pages>: each page says which it is; the seventh, or the last, has the known sentence.
text_pages() {
  flat_head text "$1"
  echo '<office:text>'
  local page line known=$(($2 < 7 ? $2 : 7))
  for page in $(seq 1 "$2"); do
    [ "$page" = 1 ] && echo -n '<text:p>' || echo -n '<text:p text:style-name="break">'
    echo "<text:span text:style-name=\"big\">$1, page $page</text:span></text:p>"
    for line in $(seq 1 20); do
      echo "<text:p>Entry $line of page $page: the lamp burnt all night and the sea stayed calm.</text:p>"
    done
    [ "$page" != "$known" ] || echo '<text:p>The keeper counted 4217 ships before dawn.</text:p>'
  done
  echo '</office:text></office:body></office:document>'
}

# sheets <title>: two sheets, of which the second has a cell to look for.
sheets() {
  flat_head spreadsheet "$1"
  echo '<office:spreadsheet><table:table table:name="Ships">'
  local row
  for row in $(seq 1 30); do
    echo "<table:table-row><table:table-cell office:value-type=\"string\"><text:p>Ship $row</text:p></table:table-cell>"
    echo "<table:table-cell office:value-type=\"float\" office:value=\"$((row * 100))\"><text:p>$((row * 100))</text:p></table:table-cell></table:table-row>"
  done
  echo '</table:table><table:table table:name="Lamps"><table:table-row>'
  echo '<table:table-cell office:value-type="string"><text:p>Fresnel lens</text:p></table:table-cell>'
  echo '<table:table-cell office:value-type="float" office:value="4217"><text:p>4217</text:p></table:table-cell>'
  echo '</table:table-row></table:table></office:spreadsheet></office:body></office:document>'
}

# slides <title>: three of them.
slides() {
  flat_head presentation "$1"
  echo '<office:presentation>'
  local slide
  for slide in 1 2 3; do
    echo "<draw:page draw:name=\"slide$slide\"><draw:frame svg:width=\"20cm\" svg:height=\"4cm\" svg:x=\"3cm\" svg:y=\"3cm\">"
    echo "<draw:text-box><text:p><text:span text:style-name=\"big\">$1, slide $slide</text:span></text:p></draw:text-box></draw:frame></draw:page>"
  done
  echo '</office:presentation></office:body></office:document>'
}

# drawing <title>: one page of it, with the known sentence.
drawing() {
  flat_head graphics "$1"
  echo '<office:drawing><draw:page draw:name="page1"><draw:frame svg:width="16cm" svg:height="4cm" svg:x="2cm" svg:y="3cm">'
  echo '<draw:text-box><text:p>The keeper counted 4217 ships before dawn.</text:p></draw:text-box></draw:frame></draw:page>'
  echo '</office:drawing></office:body></office:document>'
}

# Only its programming interface can save an office file with a password: a macro in the private
# profile does it (for OpenDocument; the Microsoft formats want more). Call it after the profile exists.
# lock <source> <copy> <filter>
lock() {
  local basic="$work/profile/user/basic/Standard"
  local type='xmlns:library="http://openoffice.org/2000/library"'
  mkdir -p "$basic"
  printf '<?xml version="1.0" encoding="UTF-8"?>\n<library:library %s library:name="Standard" library:readonly="false" library:passwordprotected="false"><library:element library:name="Lock"/></library:library>\n' \
    "$type" >"$basic/script.xlb"
  cat >"$basic/Lock.xba" <<END
<?xml version="1.0" encoding="UTF-8"?>
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Lock" script:language="StarBasic">
Sub Main
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = &quot;Hidden&quot;
  hidden(0).Value = True
  document = StarDesktop.loadComponentFromURL(&quot;file://$1&quot;, &quot;_blank&quot;, 0, hidden())
  Dim how(1) As New com.sun.star.beans.PropertyValue
  how(0).Name = &quot;FilterName&quot;
  how(0).Value = &quot;$3&quot;
  how(1).Name = &quot;Password&quot;
  how(1).Value = &quot;secret&quot;
  document.storeToURL(&quot;file://$2&quot;, how())
  document.close(True)
  StarDesktop.terminate()
End Sub
</script:module>
END
  timeout -k 1 30 soffice "-env:UserInstallation=file://$work/profile" --headless --norestore --nologo \
    'macro:///Standard.Lock.Main' >/dev/null 2>&1 || true
  [ -s "$2" ] || { echo "LibreOffice did not write $2" >&2; return 1; }
}

documents() {
  mkdir -p "$work/sources" "$work/documents"
  cd "$work/sources"
  text_pages Report 12 >report.fodt
  text_pages Letter 2 >letter.fodt
  text_pages 'Old letter' 2 >old.fodt
  text_pages Text 3 >text.fodt
  text_pages Note 1 >note.fodt
  sheets Sheet >sheet.fods
  sheets 'Old sheet' >old.fods
  sheets Table >table.fods
  slides Slides >slides.fodp
  slides Deck >deck.fodp
  drawing Drawing >drawing.fodg
  cp drawing.fodg plain.fodg
  cp text.fodt "$work/documents/flat.fodt"
  cp table.fods "$work/documents/flat.fods"

  office pdf:writer_pdf_Export report.fodt
  office docx letter.fodt
  office doc old.fodt
  office odt text.fodt
  office rtf note.fodt
  office xlsx sheet.fods
  office xls old.fods
  office ods table.fods
  office pptx slides.fodp
  office odp deck.fodp
  office odg drawing.fodg
  office wmf plain.fodg
  office emf plain.fodg
  cd "$work/documents"
  mv report.pdf sound.pdf
  office 'pdf:writer_pdf_Export:{"EncryptFile":{"type":"boolean","value":"true"},"DocumentOpenPassword":{"type":"string","value":"secret"}}' \
    "$work/sources/report.fodt"
  mv report.pdf encrypted.pdf
  mv sound.pdf report.pdf
  lock "$work/sources/text.fodt" "$work/documents/encrypted.odt" writer8

  half report.pdf truncated.pdf
  # Every object and the tail are still announced, but no object can be read.
  sed 's/ obj$/ jbo/; s/^\/Root/\/Toor/; s/\/Root /\/Toor /; s/\/Pages/\/Segap/' report.pdf >corrupt.pdf
  half letter.docx truncated.docx
  mv ./* "$out"
}
