// The bytes of command/samples, between two labels each (command/samples.cpp names them).
.macro embed label, file
  .global \label\()_begin
  .global \label\()_end
\label\()_begin:
  .incbin "\file"
\label\()_end:
  .byte 0
.endm

.section .rodata
embed mediad_sample_image, "image.jpg"
embed mediad_sample_video, "video.mp4"
embed mediad_sample_audio, "audio.mp3"
embed mediad_sample_pdf, "document.pdf"
embed mediad_sample_text, "document.txt"
embed mediad_sample_office, "office.docx"
embed mediad_sample_other, "other.bin"

.section .note.GNU-stack, "", %progbits
