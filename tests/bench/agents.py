# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
"""What is compared: each agent's command, its configuration in a scratch folder, and what one answer is."""
import os
import pathlib
import shutil
import subprocess

SHARED, STATIC = 'nasready (shared, Debian)', 'nasready (static, musl)'

MONITRC = """set daemon 30
set logfile {dir}/monit.log
set pidfile {dir}/monit.pid
set idfile {dir}/monit.id
set statefile {dir}/monit.state
set httpd port {port} and use address 127.0.0.1
  allow 127.0.0.0/255.0.0.0
check system machine
  if loadavg (5min) > 50 then alert
check filesystem rootfs with path /
  if space usage > 99% then alert
check process init with pidfile {dir}/init.pid
check network loopback with interface lo
"""

CGI = """#!/bin/busybox sh
printf 'Content-Type: text/plain\\r\\n\\r\\n'
cat /proc/loadavg /proc/meminfo /proc/net/dev /proc/mounts
busybox df -k
"""


class Agent:
    """One program of the table; `path` is what one answer asks for."""

    def __init__(self, name, path, answer, callgrind=False):
        self.name, self.path, self.answer, self.callgrind = name, path, answer, callgrind

    def command(self, scratch, port):
        raise NotImplementedError

    def version(self):
        raise NotImplementedError


class Ours(Agent):
    options = []  # besides those that each run needs

    def __init__(self, program):
        self.program = os.path.abspath(program)
        name = STATIC if is_static(self.program) else SHARED
        super().__init__(name, '/v1/status', 'everything known, as JSON', callgrind=True)

    def command(self, scratch, port):
        return [self.program, 'serve', '--listen', f'127.0.0.1:{port}', '--state-dir', str(scratch),
                *self.options]

    def version(self):
        return output([self.program, 'version']).removeprefix('nasready ').strip()


class Packaged(Agent):
    package = None

    def version(self):
        return output(['dpkg-query', '-W', '-f', '${Version}', self.package])


class Monit(Packaged):
    package = 'monit'

    def __init__(self):
        super().__init__('monit', '/_status?format=xml',
                         'XML of the last 30 s cycle: system, 1 filesystem, 1 process, 1 interface', callgrind=True)

    def command(self, scratch, port):
        (scratch / 'init.pid').write_text('1\n')
        config = scratch / 'monitrc'
        config.write_text(MONITRC.format(dir=scratch, port=port))
        config.chmod(0o600)
        return ['/usr/bin/monit', '-I', '-c', str(config)]


class NodeExporter(Packaged):
    package = 'prometheus-node-exporter'

    def __init__(self):
        super().__init__('node_exporter', '/metrics', "text of the package's default collectors, not compressed")

    def command(self, scratch, port):
        return ['/usr/bin/prometheus-node-exporter', f'--web.listen-address=127.0.0.1:{port}', '--log.level=error']


class Busybox(Packaged):
    package = 'busybox'

    def __init__(self):
        super().__init__('busybox httpd + CGI', '/cgi-bin/status', 'sh, cat of four files of /proc, df')

    def command(self, scratch, port):
        script = scratch / 'cgi-bin' / 'status'
        script.parent.mkdir(exist_ok=True)
        script.write_text(CGI)
        script.chmod(0o755)
        return ['/bin/busybox', 'httpd', '-f', '-p', f'127.0.0.1:{port}', '-h', str(scratch)]


def output(command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def is_static(program):
    """True if the program file asks for no dynamic linker."""
    return 'INTERP' not in output(['readelf', '-lW', program])


def all_agents(programs):
    for program in programs:
        if not pathlib.Path(program).is_file():
            raise SystemExit(f'bench: no such program: {program} (run `make all` first)')
    for tool in 'monit', 'prometheus-node-exporter', 'busybox', 'valgrind', 'readelf', 'taskset':
        if not shutil.which(tool):
            raise SystemExit(f'bench: {tool} is missing: run `tests/deps.sh build bench`')
    return [Ours(program) for program in programs] + [Monit(), NodeExporter(), Busybox()]
