// Runs at CloudFront before its cache, for the client's own files (docs/decisions/0113). What is in capitals between
// underscores is filled in by deploy/resources/edge.py.
const PAGE = new RegExp('__PAGE__');
const MOVED = new RegExp('__MOVED__');

function handler(event) {
    const request = event.request;
    if (MOVED.test(request.uri)) {
        return {
            statusCode: 302,
            statusDescription: 'Found',
            headers: { location: { value: '__API__' + request.uri }, 'cache-control': { value: 'no-store' } },
        };
    }
    if (!PAGE.test(request.uri)) return request;
    if (wantsPage(request.headers.accept)) {
        request.uri = '/index.html';
    } else if (request.uri === '/') {
        return {
            statusCode: 200,
            statusDescription: 'OK',
            headers: { 'content-type': { value: 'application/json' }, 'cache-control': { value: 'no-store' } },
            body: { encoding: 'text', data: '__DESCRIPTION__' },
        };
    }
    return request;
}

// A header that was sent several times has all its values in multiValue.
function wantsPage(accept) {
    if (!accept) return false;
    const values = accept.multiValue || [accept];
    return values.some((one) => one.value.indexOf('text/html') !== -1);
}
