#!/bin/bash
# resolverctl completion: what real shells complete by the scripts it prints.
# shellcheck source=lib.sh
. "${BASH_SOURCE%/*}/lib.sh"
mkdir bin home
export HOME=$WORK/home
# A program that tells its arguments, but for what the scripts ask of it.
cat >bin/resolverctl <<END
#!/bin/sh
[ "\$1 \$2" = "completion names" ] && exec echo db.corp.example.
echo "got: \$*"
END
cat >bin/resolverd <<'END'
#!/bin/sh
echo "got: $*"
END
chmod +x bin/*
resolverctl=${RESOLVERD%/*}/resolverctl
for shell in bash zsh fish; do
	"$resolverctl" completion $shell >script.$shell || die "$shell's script"
done
export PATH=$WORK/bin:$PATH
: >answers.yaml

# The last words of command lines, and what they become.
expected() {
	cat <<-'END'
	resolverctl expl|explain
	resolverctl export --form|--format
	resolverctl export --format ter|terraform
	resolverctl explain db|db.corp.example.
	resolverctl query db.corp.example. IPS|IPSECKEY
	resolverctl -c answers.yaml fl|flush
	resolverctl compare --ignore trunc|truncation
	resolverctl explain --config ans|answers.yaml
	resolverctl completion fi|fish
	resolverctl query --dns|--dnssec
	resolverd -m restr|restricted
	resolverd -c ans|answers.yaml
	END
}

# in_bash LINE: what the shell's own function replies.
in_bash() {
	bash -c '
	. ./script.bash
	read -ra COMP_WORDS <<<"$1"
	COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
	"_${COMP_WORDS[0]}"
	printf "%s\n" "${COMPREPLY[@]}"' bash "$1" 2>&1
}

in_fish() {
	fish --no-config -c "source script.fish; complete -C '$1'" 2>&1 |
	    cut -f 1
}

# zsh completes at a terminal only: what it makes of a Tab is run.
cat >type.py <<'END'
import os, pty, re, select, sys
pid, fd = pty.fork()
if pid == 0:
    os.environ["TERM"] = "dumb"
    os.execvp("zsh", ["zsh", "-f", "-i"])
def until(pattern):
    seen = b""
    while not re.search(pattern, seen):
        if not select.select([fd], [], [], 60)[0]:
            sys.exit("zsh stands still: " + seen.decode(errors="replace"))
        seen += os.read(fd, 4096)
    return re.search(pattern, seen)
os.write(fd, b"unsetopt zle_bracketed_paste; PS1='> '; cd " +
         os.getcwd().encode() + b"; fpath=($PWD/zsh $fpath); "
         b"autoload -Uz compinit; compinit -u -D; echo rea''dy\n")
until(rb"ready")
for line in sys.stdin:
    os.write(fd, line.strip().encode() + b"\t\n")
    print(until(rb"got: (.*?)\r?\n")[1].decode().split()[-1], flush=True)
os.write(fd, b"exit\n")
END
mkdir zsh
cp script.zsh zsh/_resolverctl

wanted=$(expected | cut -d '|' -f 2)
while IFS='|' read -r line word; do
	same "bash: $line" "$word" "$(in_bash "$line")"
	same "fish: $line" "$word" "$(in_fish "$line")"
done < <(expected)
same "zsh: all of them" "$wanted" \
    "$(expected | cut -d '|' -f 1 | python3 type.py 2>&1)"

# Every command and option that there is, none forgotten.
commands=$("$resolverctl" --help | sed -nE 's/^  ([a-z][a-z-]*) +[a-z].*/\1/p' |
    sort)
same "bash: every command" "$commands" \
    "$(bash -c '
	. ./script.bash
	COMP_WORDS=(resolverctl "") COMP_CWORD=1
	_resolverctl
	printf "%s\n" "${COMPREPLY[@]}"' | grep -v '^-' | sort)"
same "fish: every command" "$commands" \
    "$(in_fish 'resolverctl ' | sort)"
for command in $commands; do
	options=$("$resolverctl" "$command" --help |
	    grep -oE '^  .{3} --[a-z-]+' | grep -oE -- '--.*' | sort)
	same "bash: the options of $command" "$options" \
	    "$(in_bash "resolverctl $command --" | sort)"
done
holds "an equals sign as a space" '^terraform$' "$(bash -c '
    . ./script.bash
    COMP_WORDS=(resolverctl export --format = t) COMP_CWORD=4
    _resolverctl
    echo "${COMPREPLY[@]}"')"
holds "another shell" 'for which shell: bash, zsh or fish' \
    "$("$resolverctl" completion tcsh 2>&1)"

cat >names.yaml <<-'END'
mode: off
zones:
  - name: corp
    dns_name: corp.example.
    record_sets:
      - {name: db.corp.example., type: A, rrdatas: [10.0.0.7]}
      - {name: "*.corp.example.", type: A, rrdatas: [10.0.0.8]}
END
same "names are those of a configuration" 'corp.example. db.corp.example.' \
    "$("$resolverctl" completion names --config names.yaml | sorted)"
