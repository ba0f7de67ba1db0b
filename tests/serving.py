"""A web server for one test, ended without a trace."""

import threading

import waitress


class Served:
    """
    A server in a thread of its own.

    Parameters
    ----------
    app
        What it serves.
    threads
        So many requests are answered at once.
    """

    def __init__(self, app, *, threads=4):
        self.server = waitress.create_server(app, host="127.0.0.1", port=0, threads=threads)
        self.home = f"http://127.0.0.1:{self.server.effective_port}"
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()

    def stop(self):
        """
        End it.

        Its loop ends in its own thread, with nothing left to listen to: sockets
        that another thread closes under it make it stumble.
        """
        sockets = self.server._map
        left = []

        def end():
            left.extend(sockets.values())
            sockets.clear()

        self.server.trigger.pull_trigger(end)
        self.thread.join(timeout=5)
        self.server.task_dispatcher.shutdown(timeout=1)
        for one in left:
            one.close()
