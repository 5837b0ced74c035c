#!/usr/bin/env bash
# Makes every file the tests upload into <outdir>: sound ones and damaged ones, all of our own making.
#
#   tests/data/make.sh <outdir>
#
# Does nothing when <outdir> already holds what this version of the script makes. Safe to start
# several times at once: the second waits for the first.
# Debian packages: ffmpeg openimageio-tools libimage-exiftool-perl libreoffice-{writer,calc,impress}-nogui zip.
set -euo pipefail

[ $# = 1 ] || { echo "usage: $0 <outdir>" >&2; exit 2; }
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
mkdir -p "$1"
out=$(cd "$1" && pwd)

exec 9>"$out/.lock"
flock 9
stamp=$(cat "$here"/make.sh "$here"/office.sh | cksum)
[ "$(cat "$out/.stamp" 2>/dev/null || true)" = "$stamp" ] && exit 0

work=$(mktemp -d)
# A failure of one part ends the others, which would otherwise write into a directory that is gone.
trap 'kill $(jobs -p) 2>/dev/null || true; wait || true; rm -rf "$work"' EXIT
ff() { ffmpeg -nostdin -v error -y "$@"; }
exact=(-fflags +bitexact -flags:v +bitexact -flags:a +bitexact)

photos() {
  cd "$work"
  # A fractal for detail at every scale, noise for the entropy of a real sensor.
  ff -f lavfi -i "mandelbrot=s=2016x1512:start_scale=0.06:start_x=-0.7436:start_y=0.1318:maxiter=500" \
    -frames:v 1 -vf "scale=4032:3024:flags=bicubic,noise=alls=12:all_seed=7" -pix_fmt rgb24 -compression_level 1 master.png
  oiiotool master.png --compression jpeg:88 -o photo.jpg
  exiftool -q -overwrite_original -Make=Lighthouse -Model='Model 1' -SerialNumber=4217 -Orientation#=1 \
    -DateTimeOriginal='2024:05:06 07:08:09' -GPSLatitude=54.1745 -GPSLatitudeRef=N -GPSLongitude=7.8941 \
    -GPSLongitudeRef=E -GPSAltitude=21 photo.jpg
  oiiotool master.png --resize:filter=box 1600x1200 -o small.png
  # Seen upright it is 1200 wide and 1600 high.
  oiiotool small.png --compression jpeg:85 -o photo-rotated.jpg
  exiftool -q -q -overwrite_original -Make=Lighthouse -Orientation#=6 photo-rotated.jpg
  ff -i small.png -vf "format=rgba,geq=r='r(X,Y)':g='g(X,Y)':b='b(X,Y)':a='255*X/W'" -frames:v 1 photo.png
  ff -i small.png -c:v libwebp -quality 80 -frames:v 1 photo.webp
  oiiotool small.png --compression zip -o photo.tif
  oiiotool small.png --quality 60 -o photo.heic
  oiiotool small.png --quality 60 -o photo.avif
  ff -f lavfi -i "testsrc2=s=320x240:r=10:d=1" -vf "split[a][b];[a]palettegen[p];[b][p]paletteuse" "${exact[@]}" anim.gif

  half photo.jpg truncated.jpg
  half photo.png truncated.png
  # The number of components in the scan header (after FF DA and two bytes of length) becomes absurd.
  local scan
  scan=$(LC_ALL=C grep -obUaP '\xff\xda' photo.jpg | tail -n 1 | cut -d: -f1)
  overwrite photo.jpg corrupt.jpg $((scan + 4)) '\x83'
  mv photo* anim.gif truncated.* corrupt.* "$out"
}

videos() {
  cd "$work"
  ff -f lavfi -i "testsrc2=s=1920x1080:r=25:d=20" -f lavfi -i "sine=f=440:r=48000:d=20" -shortest \
    -c:v libx264 -preset superfast -crf 28 -g 50 -pix_fmt yuv420p -c:a aac -b:a 96k "${exact[@]}" video.mp4
  ff -f lavfi -i "testsrc2=s=640x360:r=25:d=4" -f lavfi -i "sine=f=330:r=48000:d=4" -shortest \
    -c:v libx264 -preset superfast -pix_fmt yuv420p -c:a aac "${exact[@]}" clip.mkv
  ff -i clip.mkv -c copy "${exact[@]}" video-rotated.mp4
  exiftool -q -overwrite_original -Rotation=270 video-rotated.mp4
  ff -f lavfi -i "testsrc2=s=320x180:r=15:d=3" -f lavfi -i "sine=f=220:r=48000:d=3" -shortest \
    -c:v libvpx -deadline realtime -cpu-used 8 -c:a libopus "${exact[@]}" clip.webm
  local tags=(-metadata title='Low tide' -metadata artist='The Keepers' -metadata album='Signals' -metadata track=3)
  ff -f lavfi -i "sine=f=440:r=44100:d=6" -af "volume='0.2+0.8*mod(t,2)/2':eval=frame" -ac 2 "${exact[@]}" audio.wav
  ff -i audio.wav "${tags[@]}" -c:a libmp3lame -b:a 128k "${exact[@]}" audio.mp3
  ff -i audio.wav "${tags[@]}" "${exact[@]}" audio.flac

  # The index (moov) is the last box of video.mp4, so half a file has none.
  half video.mp4 truncated.mp4
  local index
  index=$(LC_ALL=C grep -obUa 'moov' video.mp4 | tail -n 1 | cut -d: -f1)
  overwrite video.mp4 corrupt.mp4 $((index + 4)) "$(printf '\\xff%.0s' {1..2000})"
  printf '#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n/etc/hostname\n#EXT-X-ENDLIST\n' >playlist.mp4
  mv ./*.mp4 clip.* audio.* "$out"
}

plain() {
  cd "$work"
  {
    echo 'name,city,amount,note'
    for i in $(seq 1 120); do echo "Keeper $i,Helgoland,$((i * 37)),\"row $i, quoted\""; done
  } >table.csv
  {
    echo 'Grüße aus Łódź, 東京 and Αθήνα: ships № 4217 — naïve café.'
    for i in $(seq 1 90); do echo "Line $i of the lighthouse log, wind from the north-west, visibility good."; done
  } >notes.txt
  # Deflated text without its header: no pattern, no signature, the same bytes each time.
  seq 1 300000 | gzip -9n >deflated
  dd if=deflated of=data.bin bs=4096 skip=100 count=262144 iflag=skip_bytes,count_bytes status=none
  : >empty.dat
  mkdir -p bundle/inner
  cp notes.txt bundle/
  cp table.csv bundle/inner/
  TZ=UTC touch -d '2024-05-06 07:08:10' bundle bundle/inner bundle/notes.txt bundle/inner/table.csv
  (cd bundle && TZ=UTC zip -qX ../bundle.zip notes.txt inner/table.csv)
  mv table.csv notes.txt data.bin empty.dat bundle.zip "$out"
}

# half <file> <copy>: its first half.
half() {
  head -c $(($(stat -c %s "$1") / 2)) "$1" >"$2"
}

# overwrite <file> <copy> <offset> <printf escapes>
overwrite() {
  cp "$1" "$2"
  printf '%b' "$4" | dd of="$2" bs=4096 seek="$3" oflag=seek_bytes conv=notrunc status=none
}

. "$here/office.sh"

photos & first=$!
documents & second=$!
plain
videos
wait $first
wait $second
printf '%s\n' "$stamp" >"$out/.stamp"
