"""Serves AWS's APIs on this machine: ministack, with what the deployment needs beyond it (see README.md)."""
import sys

import embedded_metrics
import resources
import stream_mappings

resources.install()
stream_mappings.install()
embedded_metrics.install()

if __name__ == "__main__":
    from ministack.app import main

    sys.argv = ["ministack"]
    main()
