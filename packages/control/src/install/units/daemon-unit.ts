import { serverPaths } from '../paths.ts';

/**
 * The daemon mostly waits: a small young generation and one arena of malloc save 12 MB of its memory, and what they cost
 * in speed is not seen beside git and the engine.
 */
export const daemonMemory = { nodeFlags: ['--max-semi-space-size=1', '--optimize-for-size'], arenas: 1 } as const;

/**
 * The daemon is root because it owns the engine, makes images with mmdebstrap (chroot, mount, device nodes) and writes
 * limits of cgroups; what it does not need is taken away. Repositories may be read below /home and /root, not written.
 * A child that runs out of memory must not take the daemon with it (OOMPolicy).
 */
export const daemonUnit = `[Unit]
Description=RedControl's daemon: tests and deploys what is pushed
After=network-online.target docker.service redcontrol-haproxy.service
Wants=network-online.target docker.service redcontrol-haproxy.service
StartLimitIntervalSec=0

[Service]
Type=exec
ExecStartPre=-+/bin/sh -c '[ ! -f ${serverPaths.upgrade}/go-back.sh ] || exec sh ${serverPaths.upgrade}/go-back.sh'
ExecStartPre=-/bin/sh -c 'rm -rf ${serverPaths.data}/tmp/*'
ExecStart=${serverPaths.command} serve
Environment=HOME=${serverPaths.data}/service-home
Environment=TMPDIR=${serverPaths.data}/tmp
Environment=MALLOC_ARENA_MAX=${daemonMemory.arenas}
Environment=NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt
EnvironmentFile=-/etc/default/redcontrol
Restart=always
RestartSec=1
TimeoutStopSec=20
RuntimeDirectory=redcontrol
RuntimeDirectoryMode=0755
RuntimeDirectoryPreserve=yes
LimitNOFILE=65536
MemoryMax=2G
TasksMax=4096
OOMPolicy=continue
OOMScoreAdjust=-200
ProtectSystem=strict
ReadWritePaths=${serverPaths.data}
ProtectHome=read-only
PrivateTmp=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
RestrictRealtime=yes
LockPersonality=yes
KeyringMode=private
NoNewPrivileges=yes
SystemCallArchitectures=native
CapabilityBoundingSet=~CAP_SYS_MODULE CAP_SYS_RAWIO CAP_SYS_TIME CAP_SYS_BOOT CAP_SYSLOG CAP_WAKE_ALARM CAP_BLOCK_SUSPEND CAP_MAC_ADMIN CAP_MAC_OVERRIDE CAP_AUDIT_CONTROL CAP_SYS_PACCT CAP_LINUX_IMMUTABLE

[Install]
WantedBy=multi-user.target
`;

/** Runs whichever release is current; also what people's keys are bound to. */
export const commandWrapper = `#!/bin/sh
# RedControl's daemon, in the release that is current.
exec ${serverPaths.current}/node ${daemonMemory.nodeFlags.join(' ')} ${serverPaths.current}/redcontrol-daemon.mjs "$@"
`;
