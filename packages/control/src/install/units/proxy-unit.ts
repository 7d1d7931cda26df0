import { serverPaths } from '../paths.ts';

/**
 * HAProxy as master and worker. It starts as root for ports 80 and 443 and drops to the user of its configuration;
 * the run directory is shared with the daemon and outlives restarts of either.
 */
export const proxyUnit = `[Unit]
Description=RedControl's HAProxy
After=network-online.target
Wants=network-online.target
StartLimitIntervalSec=0

[Service]
Type=notify
ExecStart=/usr/sbin/haproxy -Ws -f ${serverPaths.proxyConfig} -S /run/redcontrol/haproxy-master.sock,mode,600
ExecReload=/usr/sbin/haproxy -Ws -f ${serverPaths.proxyConfig} -c -q
ExecReload=/bin/kill -USR2 $MAINPID
KillMode=mixed
Restart=always
RestartSec=500ms
SuccessExitStatus=143
RuntimeDirectory=redcontrol
RuntimeDirectoryMode=0755
RuntimeDirectoryPreserve=yes
LimitNOFILE=1048576
OOMScoreAdjust=-500
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
NoNewPrivileges=yes
SystemCallArchitectures=native
CapabilityBoundingSet=CAP_NET_BIND_SERVICE CAP_SETUID CAP_SETGID CAP_SYS_CHROOT CAP_KILL CAP_CHOWN CAP_DAC_OVERRIDE CAP_FOWNER CAP_SYS_RESOURCE

[Install]
WantedBy=multi-user.target
`;

/** Until the daemon writes its own: an honest answer on port 80. */
export const firstProxyConfig = `# Written by RedControl's installation; the daemon replaces it.
global
    user haproxy
    group haproxy
    stats socket /run/redcontrol/haproxy.sock mode 600 level admin expose-fd listeners

defaults
    mode http
    timeout connect 5s
    timeout client 30s
    timeout server 30s

frontend http
    bind :80
    http-request return status 503 content-type text/plain string "Nothing is deployed here yet."
`;
