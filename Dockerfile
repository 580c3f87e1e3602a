# The service: the base install and its extras, no torch, a user that is not root.
FROM python:3.13-slim AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE CHANGELOG.md ./
COPY nlp nlp
COPY models models
COPY api api
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir ".[api,oidc,postgres,s3]"

FROM python:3.13-slim
COPY --from=build /venv /venv
RUN useradd --uid 10001 --create-home warum && install -d -o warum -g warum /data
USER 10001
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 WARUM_DATA=/data WARUM_HOST=0.0.0.0 WARUM_AUTH=keys
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/health/ready', timeout=2)"]
STOPSIGNAL SIGTERM
CMD ["warum", "serve"]
