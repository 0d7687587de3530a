/** An nginx.conf for a backend that is faster than any app, so that only the proxy in front of it matters. */
export function backend(port) {
  return config(`
    access_log off;
    server { listen 127.0.0.1:${port}; location / { default_type text/plain; return 200 "hello world\\n"; } }`);
}

/** An nginx.conf of a proxy as an administrator would set it up: keep-alive both ways, forwarding headers, a log. */
export function proxy(port, backendPort) {
  return config(`
    access_log access.log;
    upstream backend { server 127.0.0.1:${backendPort}; keepalive 64; keepalive_requests 1000000000; }
    server {
      listen 127.0.0.1:${port};
      location / {
        proxy_pass http://backend;
        proxy_http_version 1.1;
        proxy_set_header Connection "";
        proxy_set_header Host $host;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_set_header X-Forwarded-Proto $scheme;
        proxy_set_header X-Request-Id $request_id;
      }
    }`);
}

/** One worker, everything in the folder it is started in. */
function config(http) {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${kind};`,
  );
  return `
  daemon off; worker_processes 1; pid nginx.pid; error_log stderr crit;
  events { worker_connections 4096; }
  http { ${temporary.join(' ')} keepalive_requests 1000000000; ${http} }\n`;
}
