#!/bin/sh
# Installs both packages and starts each once, on a copy of this machine that nothing outlives: a mount, network and
# process namespace of its own, with a layer in memory over the machine's files. `unshare` starts it as root; the one
# argument is the folder of the packages. Says what it does; any step that does not hold ends it with a failure.
set -eu
packages=$1

mount -t tmpfs tmpfs /mnt
mkdir /mnt/upper /mnt/work /mnt/root
mount -t overlay overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work /mnt/root
mount -t proc proc /mnt/root/proc
mount --rbind /dev /mnt/root/dev
# Nobody of the machine outside can be spoken to: no socket, no bus, no line.
mount -t tmpfs tmpfs /mnt/root/run
mount -t tmpfs tmpfs /mnt/root/tmp
chmod 1777 /mnt/root/tmp
ip link set lo up
cp "$packages"/*.deb /mnt/root/tmp/
cat > /mnt/root/tmp/inside.sh <<'INSIDE'
set -eu
cd /tmp
data=/var/lib/tungnha
unit=/usr/lib/systemd/system/tungnha-server.service
export DEBIAN_FRONTEND=noninteractive

told() { echo "  $1"; }
fail() { echo "FAILED: $1"; [ ! -e "${2:-}" ] || cat "$2"; exit 1; }
wait_for() { # a word, in a file, said by a process
    for _ in $(seq 300); do
        grep -q "$1" "$2" && return
        kill -0 "$3" 2>/dev/null || break
        sleep 0.2
    done
    fail "never said: $1" "$2"
}
# A user, in an environment of nothing. A program, not a function: what runs in the background has its process id.
cat > as <<'AS'
#!/bin/sh
user=$1
shift
exec setpriv --reuid "$user" --regid "$(id -g "$user")" --clear-groups --no-new-privs env -i PATH=/usr/bin:/bin "$@"
AS
chmod 755 as

dpkg --install ./*.deb > dpkg.log 2>&1 || fail "dpkg refused" dpkg.log
told "both are installed"
[ "$(stat -c '%U %G %a' $data)" = "tungnha tungnha 700" ] || fail "the server's folder is not its own: $(stat -c '%U %a' $data)"
[ "$(getent passwd tungnha | cut -d: -f7)" = /usr/sbin/nologin ] || fail "the server's user has a shell"
if command -v systemd-analyze > /dev/null; then
    systemd-analyze verify $unit > verify.log 2>&1 || fail "systemd cannot read the unit" verify.log
    [ ! -s verify.log ] || fail "systemd warns of the unit" verify.log
    systemd-analyze security --offline=true --threshold=20 $unit > security.log 2>&1 || fail "the unit is too open" security.log
    told "the unit: $(grep -o 'Overall exposure.*' security.log)"
else
    told "NOT RUN, how closed the unit is: systemd-analyze is not here"
fi

# As the unit starts it: its user, its environment, its line.
variables=$(sed -n 's/^Environment=//p' $unit; sed -n 's/^\([A-Z_]*=.*\)/\1/p' /etc/tungnha/server.env)
./as tungnha $variables TUNGNHA_OPERATOR_1_PASSPHRASE='muoi hai ben nuoc trong 1954' \
    TUNGNHA_OPERATOR_2_PASSPHRASE='mot canh buom nau xa khoi 1960' \
    tungnha-server init --name 'Thử gói' --host localhost > init.log 2>&1 || fail "init" init.log
./as tungnha $variables $(sed -n 's/^ExecStart=//p' $unit) > server.log 2>&1 &
server=$!
wait_for 8443 server.log $server
curl --silent --insecure --fail --output identity https://127.0.0.1:8443/v1/identity || fail "the server does not answer" server.log
[ -s identity ] || fail "the server has no identity" server.log
kill -s TERM $server
wait $server || fail "the server did not end in order" server.log
told "the server served as its user and ended in order"

[ ! -e /usr/bin/desktop-file-validate ] || desktop-file-validate /usr/share/applications/vn.tungnha.desk.desktop
Xvfb :97 -nolisten tcp > /dev/null 2>&1 &
display=$!
mkdir home && chown nobody home
./as nobody HOME=/tmp/home DISPLAY=:97 LIBGL_ALWAYS_SOFTWARE=1 tungnha-desk --profile /tmp/home/profile > desk.log 2>&1 &
desk=$!
wait_for 'the screens are loaded' desk.log $desk
kill -s TERM $desk $display
wait $desk $display 2> /dev/null || true
told "the window opened and loaded its screens"

dpkg --remove tungnha-desk tungnha-server > remove.log 2>&1 || fail "dpkg did not remove them" remove.log
[ ! -e /usr/bin/tungnha-desk ] && [ ! -e /usr/bin/tungnha-server ] && [ ! -e $unit ] || fail "something is left"
dpkg --purge tungnha-desk tungnha-server > purge.log 2>&1 || fail "dpkg did not purge them" purge.log
[ ! -e /etc/tungnha/server.env ] || fail "its settings are left"
[ -e $data/ledger.db ] || fail "the ledger is gone with the program"
told "removed again; the ledger stays"
INSIDE
exec chroot /mnt/root sh /tmp/inside.sh
