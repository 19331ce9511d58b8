#!/bin/sh
# pack.sh PAGE STYLE SCRIPT: the page with both in it, as an array of C.
set -eu

echo '/* Made by pack.sh. */'
echo '#include "ctl/page.h"'
echo
echo 'const char page_document[] = {'
sed -e "/^@STYLE@\$/{
r $2
d
}" -e "/^@SCRIPT@\$/{
r $3
d
}" "$1" | od -An -v -t u1 | sed 's/ *\([0-9][0-9]*\)/(char)\1,/g'
echo '};'
echo
echo 'const size_t page_size = sizeof(page_document);'
