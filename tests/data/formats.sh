#!/usr/bin/env bash
# Makes the corpus of the format table (script/formats) into <outdir>: the same picture, film, sound
# and text in every format that real tools write.
#
#   tests/data/formats.sh <outdir>
#
# The picture is four quarters (red, green, blue, yellow), so that a few pixels tell how it lies and
# whether its colours are right. Does nothing when <outdir> is up to date. Without -depth, ImageMagick 7
# may round them to the four bits that its own indices of so few colours take.
# Debian packages: ffmpeg imagemagick openimageio-tools libimage-exiftool-perl zip bzip2 xz-utils.
set -euo pipefail

[ $# = 1 ] || { echo "usage: $0 <outdir>" >&2; exit 2; }
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
mkdir -p "$1"
out=$(cd "$1" && pwd)
exec 9>"$out/.lock"
flock 9
stamp=$(cat "$here"/formats.sh "$here"/sounds.sh "$here"/texts.sh | cksum)
[ "$(cat "$out/.stamp" 2>/dev/null || true)" = "$stamp" ] && exit 0

work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; wait || true; rm -rf "$work"' EXIT
cd "$work"
ff() { ffmpeg -nostdin -v error -y -threads 2 "$@"; }

# quarters <width> <height> <file>
quarters() {
  convert -size "$(($1 / 2))x$(($2 / 2))" \
    \( xc:'rgb(200,40,40)' xc:'rgb(40,170,60)' +append \) \
    \( xc:'rgb(40,60,200)' xc:'rgb(230,220,60)' +append \) -append -depth 8 "$3"
}

photos() {
  quarters 4032 3024 large.png
  # How the sensor saw what is upright once a viewer has heeded the tag.
  local seen=(- '' '-flop' '-rotate 180' '-flip' '-transpose' '-rotate -90' '-transverse' '-rotate 90') o
  for o in 1 2 3 4 5 6 7 8; do
    # shellcheck disable=SC2086 # an option and its value
    convert large.png ${seen[$o]} -attenuate 0.2 -seed 7 -quality 85 "exif-$o.jpg"
    exiftool -q -q -overwrite_original -Make=Lighthouse -Orientation#=$o "exif-$o.jpg"
  done
}

pictures() {
  quarters 800 600 q.png
  convert q.png -quality 90 baseline.jpg
  convert q.png -quality 90 -interlace Plane progressive.jpg
  convert q.png -colorspace CMYK -quality 92 cmyk.jpg
  convert q.png -colorspace Gray -quality 90 gray.jpg
  convert q.png -define png:color-type=2 rgb8.png
  convert q.png -depth 16 -define png:color-type=2 -define png:bit-depth=16 rgb16.png
  convert q.png -alpha set -define png:color-type=6 alpha.png
  convert q.png -type Palette PNG8:palette.png
  convert q.png -interlace PNG interlaced.png
  ff -loop 1 -t 0.4 -r 10 -i q.png -plays 0 -f apng animated.apng
  convert q.png -quality 90 still.webp
  convert q.png -define webp:lossless=true lossless.webp
  ff -loop 1 -t 0.5 -r 10 -i q.png -vf noise=alls=9:allf=t -c:v libwebp_anim -loop 0 -q:v 85 animated.webp
  convert q.png still.gif
  convert q.png \( q.png -negate \) -set delay 20 -loop 0 animated.gif
  convert q.png -compress Zip plain.tif
  convert q.png -depth 16 -compress LZW deep.tif
  convert q.png \( q.png -negate \) q.png -compress Zip pages.tif
  convert q.png -quality 90 photo.heic
  convert q.png -quality 90 photo.avif
  convert q.png BMP3:plain.bmp
  # ImageMagick's own are damaged. Header (3 channels, 600 x 800, 8 bits, RGB), nothing, the planes.
  printf '8BPS\0\1\0\0\0\0\0\0\0\3\0\0\2\130\0\0\3\40\0\10\0\3\0\0\0\0\0\0\0\0\0\0\0\0\0\0' >merged.psd
  convert q.png -interlace Plane -depth 8 rgb:- >>merged.psd
  convert q.png -depth 8 -quality 90 photo.jp2
  oiiotool q.png -o plain.tga
  oiiotool q.png --colorconvert sRGB linear -d half -o linear.exr
  oiiotool q.png --colorconvert sRGB linear -o bright.hdr
  raws
  odd_colours
  unfinished
  plainer
  cat >drawing.svg <<'SVG'
<svg xmlns="http://www.w3.org/2000/svg" width="800" height="600"><rect width="400" height="300" fill="rgb(200,40,40)"/>
<rect x="400" width="400" height="300" fill="rgb(40,170,60)"/><rect y="300" width="400" height="300" fill="rgb(40,60,200)"/>
<rect x="400" y="300" width="400" height="300" fill="rgb(230,220,60)"/></svg>
SVG
  gzip -n9 <drawing.svg >packed.svgz
  sed '1s|<rect |<filter id="s"><feDropShadow dx="3" dy="3"/></filter><g filter="url(#s)"><rect |; s|</svg>|</g></svg>|' drawing.svg >shadow.svg
}

# Pictures whose colours or alpha are where readers do not expect them.
odd_colours() {
  # 32 bits a pixel, of which the last eight mean nothing: the header of 40 bytes knows no alpha.
  {
    printf 'BM' && number 4 $((54 + 800 * 600 * 4)) && number 4 0 && number 4 54 && number 4 40
    number 4 800 && number 4 600 && number 2 1 && number 2 32 && number 4 0
    head -c 20 /dev/zero
    convert q.png -flip -alpha set -channel A -evaluate set 0 +channel -depth 8 bgra:-
  } >opaque.bmp
  convert q.png -type Palette -compress RLE BMP3:runs.bmp
  convert q.png -colorspace CMYK -compress JPEG -quality 92 inks-jpeg.tif
  convert q.png -colorspace CMYK -alpha set -depth 8 -compress LZW inks-alpha.tif
  # Phones that do not turn the picture itself leave it to Exif.
  convert q.png -rotate -90 -quality 90 exif-turned.heic
  convert q.png -rotate -90 -quality 90 exif-turned.avif
  exiftool -q -q -overwrite_original -Orientation#=6 exif-turned.heic exif-turned.avif
  quarters 16 16 pixels.png
}

# Files that lack their end: only the mark, or also a part of what is shown.
unfinished() {
  head -c -2 baseline.jpg >unmarked-end.jpg
  head -c -12 rgb8.png >unmarked-end.png
  head -c -1 still.gif >unmarked-end.gif
  local name
  for name in baseline.jpg rgb8.png still.gif lossless.webp still.webp; do cut_off "$name"; done
}

# cut_off <file>: the first nine tenths of it, as cut-<file>.
cut_off() {
  head -c "$(($(stat -c %s "$1") * 9 / 10))" "$1" >"cut-$1"
}

# What other programs write.
plainer() {
  convert q.png -resize 256x192 icon.ico
  ff -i q.png -c:v libjxl -pix_fmt rgb24 photo.jxl
  ff -i q.png -c:v qoi picture.qoi
  convert q.png -depth 8 plain.ppm
  convert q.png -compress none text.ppm
  convert q.png -alpha set -depth 8 plain.pam
  convert q.png -flip version1.tga
  convert q.png -flip -compress RLE packed.tga
  local name
  for name in version1.tga packed.tga; do
    # ImageMagick writes the highest row first. 6 says that the lowest one is, as most programs have it, 7 the truth.
    printf '\0' | dd of="$name" bs=1 seek=17 conv=notrunc status=none
  done
  convert q.png -depth 8 -compress Zip layers.psd
  sensor >sensor.dng
  of_maker >maker.tif
  for name in interlaced.png plain.ppm picture.qoi icon.ico; do cut_off "$name"; done
}

# A TIFF that a program made of a camera's picture: it names the maker, and a thumbnail of one pixel
# is in a directory of its own.
of_maker() {
  local bits_at=146 maker_at=152 thumbnail_at=158 pixel_at=272 pixels_at=274
  printf 'II*\0\x08\0\0\0'
  number 2 11
  entry 0x0100 4 800 && entry 0x0101 4 600
  printf '\x02\x01\x03\0\x03\0\0\0' && number 4 $bits_at
  entry 0x0103 3 1 && entry 0x0106 3 2
  printf '\x0f\x01\x02\0\x06\0\0\0' && number 4 $maker_at
  entry 0x0111 4 $pixels_at && entry 0x0115 3 3 && entry 0x0116 4 600 && entry 0x0117 4 $((800 * 600 * 3))
  entry 0x014a 4 $thumbnail_at && number 4 0
  number 2 8 && number 2 8 && number 2 8
  printf 'NIKON\0'
  number 2 9
  entry 0x00fe 4 1 && entry 0x0100 4 1 && entry 0x0101 4 1 && entry 0x0102 3 8 && entry 0x0103 3 1 && entry 0x0106 3 1
  entry 0x0111 4 $pixel_at && entry 0x0116 4 1 && entry 0x0117 4 1 && number 4 0
  number 2 0
  convert q.png -depth 8 rgb:-
}

# What a sensor of 64 x 48 cells sees of a ramp, in 16 bits and without any preview.
sensor() {
  local pixels_at=$((8 + 2 + 16 * 12 + 4 + 16 + 72 + 24)) more=$((8 + 2 + 16 * 12 + 4))
  printf 'II*\0\x08\0\0\0'
  number 2 16
  entry 0x00fe 4 0 && entry 0x0100 4 64 && entry 0x0101 4 48 && entry 0x0102 3 16 && entry 0x0103 3 1 && entry 0x0106 3 32803
  entry 0x0111 4 $pixels_at && entry 0x0115 3 1 && entry 0x0116 4 48 && entry 0x0117 4 $((64 * 48 * 2))
  printf '\x8d\x82\x03\0\x02\0\0\0\x02\0\x02\0' # how many cells its pattern repeats after,
  printf '\x8e\x82\x01\0\x04\0\0\0\0\x01\x01\x02' # and their colours
  printf '\x12\xc6\x01\0\x04\0\0\0\x01\x04\0\0'
  printf '\x14\xc6\x02\0\x10\0\0\0' && number 4 $more
  printf '\x21\xc6\x0a\0\x09\0\0\0' && number 4 $((more + 16))
  printf '\x28\xc6\x05\0\x03\0\0\0' && number 4 $((more + 16 + 72))
  number 4 0
  printf 'Our own sensor\0\0'
  local i
  for i in 1 0 0 0 1 0 0 0 1; do number 4 $i && number 4 1; done
  for i in 1 2 3; do number 4 1 && number 4 1; done
  convert -size 48x64 gradient:black-white -rotate 90 -depth 16 -endian LSB gray:-
}

# number <bytes> <value>: little-endian.
number() {
  local i
  for ((i = 0; i < $1; ++i)); do printf '%b' "\\x$(printf %02x $((($2 >> (8 * i)) & 255)))"; done
}

# entry <tag> <type> <value>: of a TIFF directory, a single one.
entry() {
  number 2 "$1"
  number 2 "$2"
  number 4 1
  number 4 "$3"
}

# What cameras put around the preview that they embed; the sensor's values are not needed.
raws() {
  convert q.png -quality 90 embedded.jpg
  convert q.png -rotate -90 -quality 90 turned.jpg
  local whole turned
  whole=$(stat -c %s embedded.jpg) turned=$(stat -c %s turned.jpg)
  # Two directories: the camera was held upright and writes DNG 1.4; a JPEG in one strip.
  {
    printf 'II*\0\x08\0\0\0'
    number 2 3 && entry 0x0112 3 6 && entry 0x014A 4 50
    printf '\x12\xc6\x01\0\x04\0\0\0\x01\x04\0\0' && number 4 0
    number 2 3 && entry 0x0103 3 7 && entry 0x0111 4 92 && entry 0x0117 4 "$turned" && number 4 0
    cat turned.jpg
  } >camera.dng
  {
    printf 'II*\0\x10\0\0\0CR\x02\0\0\0\0\0'
    number 2 3 && entry 0x0103 3 6 && entry 0x0111 4 58 && entry 0x0117 4 "$whole" && number 4 0
    cat embedded.jpg
  } >camera.cr2
  # The place of the JPEG is big-endian here: the 92nd byte.
  {
    printf 'FUJIFILMCCD-RAW '
    head -c 68 /dev/zero
    printf '\0\0\0\x5c'
    printf '%b' "\\x$(printf %08x "$whole" | sed 's/../&\\x/g; s/..$//')"
    cat embedded.jpg
  } >camera.raf
  rm embedded.jpg turned.jpg
}

films() {
  quarters 640 360 film.png
  quarters 360 640 upright.png
  quarters 322 242 even.png
  convert even.png -crop 321x241+0+0 +repage odd.png
  ff -loop 1 -framerate 25 -t 3 -i film.png -f lavfi -t 3 -i sine=f=440:r=48000 -c:v ffv1 -pix_fmt yuv420p -c:a pcm_s16le master.mkv
  local h264=(-c:v libx264 -preset superfast -pix_fmt yuv420p -g 25)
  ff -i master.mkv "${h264[@]}" -c:a aac h264-aac.mp4
  ff -i master.mkv "${h264[@]}" -c:a aac -movflags +faststart faststart.mp4
  ff -i master.mkv "${h264[@]}" -c:a aac -movflags frag_keyframe+empty_moov fragmented.mp4
  ff -i master.mkv "${h264[@]}" -c:a pcm_s16le h264-pcm.mov
  ff -i master.mkv -c:v prores_ks -profile:v 2 -c:a pcm_s16le prores.mov
  ff -i master.mkv -c:v libx265 -x265-params log-level=none -preset ultrafast -c:a aac hevc.mp4
  ff -i master.mkv -c:v libx265 -x265-params log-level=none -preset ultrafast -c:a libopus hevc.mkv
  ff -i master.mkv -c:v libsvtav1 -preset 12 -c:a libopus av1.mp4 2>/dev/null
  ff -i master.mkv -c:v libsvtav1 -preset 12 -c:a libopus av1.webm 2>/dev/null
  ff -i master.mkv -c:v libvpx -deadline realtime -cpu-used 8 -b:v 1M -c:a libvorbis vp8.webm
  ff -i master.mkv -c:v libvpx-vp9 -deadline realtime -cpu-used 8 -b:v 1M -c:a libopus vp9.webm
  ff -i master.mkv -c:v mpeg4 -q:v 3 -c:a libmp3lame mpeg4-mp3.avi
  ff -i master.mkv -c:v mjpeg -q:v 3 -pix_fmt yuvj420p -c:a pcm_s16le mjpeg.avi
  ff -i master.mkv "${h264[@]}" -c:a aac -f mpegts h264.ts
  ff -i master.mkv -c:v mpeg2video -q:v 3 -c:a mp2 mpeg2.ts
  ff -i master.mkv -c:v mpeg2video -q:v 3 -c:a mp2 -f vob mpeg2.mpg
  ff -i master.mkv -c:v libtheora -q:v 8 -c:a libvorbis theora.ogv
  ff -i master.mkv "${h264[@]}" -c:a aac -f flv h264.flv
  # A camera's clip, a part of a live stream: one keyframe, at the beginning.
  local group=(-c:v libx264 -preset superfast -pix_fmt yuv420p -g 999 -sc_threshold 0)
  ff -i master.mkv "${group[@]}" -c:a aac -f mpegts one-group.ts
  ff -i master.mkv "${group[@]}" -c:a aac -f mpegts -mpegts_m2ts_mode 1 one-group.m2ts
  ff -i master.mkv "${group[@]}" -c:a aac -f flv one-group.flv
  ff -i master.mkv -c:v mpeg2video -g 100 -sc_threshold 1000000000 -q:v 3 -c:a mp2 -f vob one-group.mpg
  # As browsers record: nothing can go back to write how long it is.
  ff -i master.mkv -c:v libvpx -deadline realtime -cpu-used 8 -b:v 1M -c:a libvorbis -f webm -live 1 pipe:1 >no-duration.webm
  # As long as the ftyp box in whose place it stands.
  { printf '\0\0\0\x0cskip1234\0\0\0\x08wide' && ff -i h264-pcm.mov -c copy -f mov -movflags frag_keyframe+empty_moov pipe:1 | tail -c +21; } >old-atoms.mov
  ff -i master.mkv -c:v msmpeg4 -q:v 3 -c:a wmav2 msmpeg4.wmv
  ff -i master.mkv -an "${h264[@]}" silent.mp4
  ff -i master.mkv -f lavfi -t 3 -i sine=f=880 -map 0 -map 1 "${h264[@]}" -c:a aac two-tracks.mkv
  printf '1\n00:00:00,500 --> 00:00:02,000\nThe lamp is lit.\n' >lamp.srt
  ff -i master.mkv -i lamp.srt -map 0 -map 1 "${h264[@]}" -c:a aac -c:s srt subtitles.mkv
  ff -loop 1 -framerate 25 -t 2 -i odd.png -c:v libvpx-vp9 -deadline realtime -cpu-used 8 -pix_fmt yuv420p odd.webm
  ff -i master.mkv -vf "select='not(mod(n,3))+lt(n,20)'" -vsync vfr "${h264[@]}" -c:a aac vfr.mp4
  ff -i master.mkv -vf "interlace=scan=tff" -c:v mpeg2video -flags +ildct+ilme -top 1 -q:v 3 -c:a mp2 -f mpegts interlaced.ts
  # White as bright as paper, 203 cd/m2 (ITU-R BT.2408), and nothing that is brighter.
  ff -i master.mkv -an -vf "setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709,zscale=t=linear,format=gbrpf32le,zscale=p=2020:t=smpte2084:m=2020_ncl:r=tv:npl=203,format=yuv420p10le" \
    -c:v libx265 -preset ultrafast -x265-params "log-level=none:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc:hdr-opt=1" hdr.mp4
  # As phones store them: on its side, with the turn that makes it upright.
  local turn
  for turn in 90 180 270; do
    local source=upright.png filter=transpose=clock
    [ "$turn" = 180 ] && source=film.png filter=hflip,vflip
    [ "$turn" = 270 ] && filter=transpose=cclock
    ff -loop 1 -framerate 25 -t 2 -i "$source" -vf "$filter" "${h264[@]}" turned.mp4
    mv turned.mp4 "turned-$turn.mp4"
    exiftool -q -overwrite_original "-Rotation=$((360 - turn))" "turned-$turn.mp4"
  done
  rm master.mkv
}

# shellcheck source=tests/data/texts.sh
. "$here/texts.sh"
. "$here/sounds.sh"

photos & photos=$!
films & films=$!
pictures
sounds
texts
wait $photos
wait $films
rm -f large.png film.png upright.png even.png odd.png lamp.srt
mv ./* "$out"
printf '%s\n' "$stamp" >"$out/.stamp"
