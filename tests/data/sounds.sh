# shellcheck shell=bash
# Part of formats.sh: sounds.

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
